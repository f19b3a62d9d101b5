import { graphql } from "#api/generated/gql.ts";

/** What people do with queues and rate limits. */
export const SettingsFeed = graphql(`
  subscription QueueSettingsFeed($project: ID!, $after: String) {
    events(
      project: $project
      after: $after
      filter: {
        types: [
          "queue.paused"
          "queue.resumed"
          "queue.updated"
          "rate_limit.created"
          "rate_limit.updated"
          "rate_limit.deleted"
        ]
      }
    ) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
        }
      }
    }
  }
`);

/** That some task has moved: then queues may be deeper, or less so. */
export const AnyWorkFeed = graphql(`
  subscription QueueWorkFeed($project: ID!, $after: String) {
    taskUpdates(project: $project, after: $after) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
        }
      }
    }
  }
`);
