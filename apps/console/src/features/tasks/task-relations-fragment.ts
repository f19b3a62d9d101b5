import { readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { TaskRelationsFragment } from "#api/generated/graphql.ts";
import { TaskLinkFragment } from "#features/tasks/task-link.tsx";

/** The tasks that a task waits for, those that wait for it, those that it runs again, and those that run it again. */
export const RelationsFragment = graphql(`
  fragment TaskRelations on Task {
    id
    dependencyCondition
    dependencies {
      id
      ...TaskLink
    }
    dependents(first: 20) {
      totalCount
      edges {
        node {
          id
          ...TaskLink
        }
      }
    }
    replays(first: 10) {
      totalCount
      edges {
        node {
          id
          ...TaskLink
        }
      }
    }
    replayOf {
      id
      ...TaskLink
      replayOf {
        id
        ...TaskLink
        replayOf {
          id
          ...TaskLink
          replayOf {
            id
            ...TaskLink
            replayOf {
              id
            }
          }
        }
      }
    }
  }
`);

/** So many are followed. */
const MOST = 60;

/** The ids of those that are shown and may still move. */
export function relatedIds({ dependencies, dependents, replays }: TaskRelationsFragment): string[] {
  return [...dependencies, ...dependents.edges.map(({ node }) => node), ...replays.edges.map(({ node }) => node)]
    .filter((task) => readFragment(TaskLinkFragment, task).finishedAt === null)
    .map(({ id }) => id)
    .slice(0, MOST);
}
