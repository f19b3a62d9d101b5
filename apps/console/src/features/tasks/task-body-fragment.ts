import { graphql } from "#api/generated/gql.ts";

/** What a task's page shows of the task itself, without its input and output, which may be large. */
export const BodyFragment = graphql(`
  fragment TaskBody on Task {
    id
    state
    version
    chunkCount
    resultExpiredAt
    ...TaskHeader
    ...TaskActions
    ...TaskOutcome
    ...TaskProgress
    ...TaskFacts
    ...WhyWaiting
  }
`);
