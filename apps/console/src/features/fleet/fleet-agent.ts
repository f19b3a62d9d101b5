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

/** A row of the fleet's table. What costs more is read for the rows in sight only: see fleet-activity.ts. */
export const AgentRowFragment = graphql(`
  fragment FleetAgentRow on Agent {
    id
    createdAt
    labels
    errorCount
    incarnation
    ...FleetAgentNow
    ...FleetDefinition
  }
`);
