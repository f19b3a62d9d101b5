import { graphql } from "#api/generated/gql.ts";

/** All that the page's head shows of an agent. Queries, events and changes bring it along, so that it is never behind. */
export const LiveAgentFragment = graphql(`
  fragment LiveAgent on Agent {
    id
    version
    name
    bundle
    definitionVersion
    ...AgentSummary
    ...AgentActions
    ...AgentTrouble
    ...PendingAction
    ...TimelineTab
  }
`);
