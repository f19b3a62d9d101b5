import { graphql } from "#api/generated/gql.ts";

export const CreateTask = graphql(`
  mutation CreateTask($input: CreateTaskInput!) {
    createTask(input: $input) {
      __typename
      ... on CreateTaskSuccess {
        repeated
        data {
          id
          title
        }
      }
      ... on Error {
        message
      }
      ... on InvalidInput {
        issues {
          path
          message
        }
      }
    }
  }
`);
