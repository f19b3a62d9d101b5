import { graphql } from "#api/generated/gql.ts";

/** All that a webhook's filter says. */
export const FilterFactsFragment = graphql(`
  fragment FilterFacts on WebhookFilter {
    types
    subjects
    agents
    tasks
    contexts
    actors
    states
    labels
    search
  }
`);
