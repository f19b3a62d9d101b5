"use client";
import { useMemo } from "react";
import { graphql } from "#api/generated/gql.ts";
import { taskKindsOf, type TaskKind } from "#features/tasks/task-kinds.ts";
import { useAnswer } from "#live/use-answer.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const NamesQuery = graphql(`
  query TaskNames($path: String!) {
    project(path: $path) {
      id
      queues(first: 200) {
        edges {
          node {
            id
            name
          }
        }
      }
      agents(first: 200) {
        edges {
          node {
            id
            name
          }
        }
      }
      schedules(first: 200) {
        edges {
          node {
            id
            name
          }
        }
      }
      rateLimits(first: 200) {
        edges {
          node {
            id
            key
          }
        }
      }
      definitions(first: 200) {
        edges {
          node {
            id
            slug
            name
            capabilities
            metadata
          }
        }
      }
    }
  }
`);

/** What a project's tasks can name: to be suggested. */
export interface TaskNames {
  readonly projectId: string;
  readonly queues: readonly string[];
  readonly rateLimits: readonly string[];
  /** Ids by names. */
  readonly agents: ReadonlyMap<string, string>;
  readonly schedules: ReadonlyMap<string, string>;
  readonly kinds: readonly string[];
  /** What agents say that they can be asked for, by kind. */
  readonly taskKinds: readonly TaskKind[];
}

/** The names that forms about tasks suggest; undefined until they are read. */
export function useTaskNames(project: ProjectRoute): TaskNames | undefined {
  const { data } = useAnswer(NamesQuery, { path: projectPath(project) });
  return useMemo(() => {
    const found = data?.project;
    if (!found) return undefined;
    const nodes = <Node>({ edges }: { readonly edges: readonly { readonly node: Node }[] }) =>
      edges.map(({ node }) => node);
    const taskKinds = taskKindsOf(nodes(found.definitions));
    return {
      projectId: found.id,
      queues: nodes(found.queues).map(({ name }) => name),
      rateLimits: nodes(found.rateLimits).map(({ key }) => key),
      agents: new Map(nodes(found.agents).map(({ id, name }) => [name, id])),
      schedules: new Map(nodes(found.schedules).map(({ id, name }) => [name, id])),
      kinds: [...new Set(taskKinds.map(({ kind }) => kind))].sort(),
      taskKinds,
    };
  }, [data]);
}
