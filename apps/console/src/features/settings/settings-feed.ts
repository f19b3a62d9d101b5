import { graphql } from "#api/generated/gql.ts";

/** What people change about the project itself. */
export const SettingsFeed = graphql(`
  subscription SettingsFeed($project: ID!, $after: String) {
    events(project: $project, after: $after, filter: { types: ["project.updated"] }) {
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
