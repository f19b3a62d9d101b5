import { graphql } from "#api/generated/gql.ts";

/**
 * How many tasks each preset has. Counts stop at 10,000 each, so that they cost the same in a project of a million tasks; they are
 * of the whole project, because what narrows the list has no index to count by.
 */
export const PresetCountsFragment = graphql(`
  fragment TaskPresetCounts on Project {
    id
    all: tasks(first: 1) {
      totalCount
      totalIsCapped
    }
    running: tasks(first: 1, filter: { states: [ASSIGNED, RUNNING, CANCELLING] }) {
      totalCount
      totalIsCapped
    }
    waiting: tasks(first: 1, filter: { states: [WAITING, QUEUED] }) {
      totalCount
      totalIsCapped
    }
    failed: tasks(first: 1, filter: { states: [FAILED] }) {
      totalCount
      totalIsCapped
    }
    done: tasks(first: 1, filter: { states: [SUCCEEDED, CANCELLED, EXPIRED] }) {
      totalCount
      totalIsCapped
    }
  }
`);
