import { graphql } from "#api/generated/gql.ts";

/** What every feed's document selects besides its events: what following on needs. */
export const FollowedFrame = graphql(`
  fragment FollowedFrame on EventFrame {
    __typename
    ... on EventDelivery {
      cursor
    }
    ... on Bookmark {
      cursor
      caughtUp
    }
    ... on ResyncRequired {
      cursor
      reason
    }
  }
`);
