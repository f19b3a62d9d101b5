import { graphql } from "#api/generated/gql.ts";
import type { FragmentType } from "#api/generated/fragment-masking.ts";

/** What the list tells of a task. Without its input and output: there may be a megabyte of each. */
export const TaskRowFragment = graphql(`
  fragment TaskRow on Task {
    id
    title
    kind
    state
    stateSince
    queue
    priority
    attempt
    failures
    maxFailures
    createdAt
    runAt
    startedAt
    finishedAt
    progress
    progressMessage
    cancelReason
    concurrencyKey
    error {
      kind
      message
    }
    agent {
      id
      name
    }
    targetAgent {
      id
      name
    }
  }
`);

export type TaskRow = { readonly id: string } & FragmentType<typeof TaskRowFragment>;
