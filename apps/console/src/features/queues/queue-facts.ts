import { graphql } from "#api/generated/gql.ts";

/** A queue and what it holds. Every change of it selects this, so that all of the page shows it at once. */
export const FactsFragment = graphql(`
  fragment QueueFacts on Queue {
    id
    name
    paused
    pausedAt
    pauseReason
    pausedBy {
      kind
      name
    }
    maxRunning
    version
    depth {
      ready {
        count
        isCapped
      }
      parked {
        reason
        count
        isCapped
      }
      running {
        count
        isCapped
      }
      oldestReadyAt
    }
  }
`);
