import { graphql } from "#api/generated/gql.ts";

/** The last events of a task: enough for fifty attempts. */
export const TimelineFragment = graphql(`
  fragment TaskTimeline on Task {
    id
    runAt
    finishedAt
    timeline(last: 200) {
      edges {
        node {
          __typename
          id
          ...EventLine
          ...TaskEvent
        }
      }
      pageInfo {
        hasPreviousPage
      }
    }
  }
`);
