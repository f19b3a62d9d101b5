import { graphql } from "#api/generated/gql.ts";

/** What changes about an agent while it works: every event of it brings this anew. */
export const AgentNowFragment = graphql(`
  fragment FleetAgentNow on Agent {
    id
    name
    state
    stateSince
    lastError
    lastHeartbeatAt
    pendingAction
    pendingReason
    activeTasks
    maxConcurrency
  }
`);

/** A row of the fleet's table. */
export const AgentRowFragment = graphql(`
  fragment FleetAgentRow on Agent {
    id
    ...FleetAgentNow
    ...FleetDefinition
    held: tasks(first: 3, filter: { states: [ASSIGNED, RUNNING, CANCELLING] }) {
      edges {
        node {
          id
          ...FleetTask
        }
      }
    }
    newest: tasks(first: 3) {
      edges {
        node {
          id
          ...FleetTask
        }
      }
    }
  }
`);
