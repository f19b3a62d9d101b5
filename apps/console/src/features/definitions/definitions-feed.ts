import { graphql } from "#api/generated/gql.ts";

/** What changes who runs which version. */
export const DefinitionsFeed = graphql(`
  subscription DefinitionsFeed($project: ID!, $after: String) {
    events(
      project: $project
      after: $after
      filter: { types: ["agent.registered", "agent.updated", "agent.rolled_back"] }
    ) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          type
        }
      }
    }
  }
`);
