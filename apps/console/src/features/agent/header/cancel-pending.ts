import { graphql } from "#api/generated/gql.ts";

/** Takes back what waits for an agent's tasks to end. */
export const CancelPending = graphql(`
  mutation CancelPendingAction($input: CancelPendingActionInput!) {
    cancelPendingAction(input: $input) {
      __typename
      ... on CancelPendingActionSuccess {
        data {
          ...LiveAgent
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);
