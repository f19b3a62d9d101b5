import { graphql } from "#api/generated/gql.ts";

/** What agents are doing and have been doing, and how those that are not at work came to rest. */
export const FleetActivityQuery = graphql(`
  query FleetActivity($path: String!, $agents: [ID!], $count: Int!, $last: Int!, $after: DateTime!) {
    project(path: $path) {
      id
      cursor
      agents(first: $count, filter: { ids: $agents }) {
        edges {
          node {
            id
            ...FleetAgentNow
            ...FleetWork
            timeline(last: $last, filter: { types: ["agent.transitioned"], after: $after }) {
              edges {
                node {
                  __typename
                  id
                  ...FleetMove
                }
              }
            }
          }
        }
      }
      resting: agents(
        first: $count
        filter: { ids: $agents, states: [REGISTERED, DEPLOYING, SUSPENDED, MAINTENANCE, OFFLINE, DECOMMISSIONED] }
      ) {
        edges {
          node {
            id
            arrival: timeline(last: 1, filter: { types: ["agent.transitioned"] }) {
              edges {
                node {
                  __typename
                  id
                  ...FleetArrival
                }
              }
            }
          }
        }
      }
    }
  }
`);

/** The tasks that an agent holds, and those that it held last. */
export const WorkFragment = graphql(`
  fragment FleetWork on Agent {
    id
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

/** What a ribbon needs of a transition. */
export const MoveFragment = graphql(`
  fragment FleetMove on AgentTransitioned {
    id
    at
    from
    to
    durationMs
  }
`);

/** What happens to the agents in sight. */
export const FleetActivityFeed = graphql(`
  subscription FleetActivityFeed($project: ID!, $after: String, $agents: [ID!]) {
    events(project: $project, after: $after, filter: { agents: $agents }) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          ... on AgentTransitioned {
            ...FleetMove
            ...FleetArrival
            agent {
              id
              ...FleetAgentNow
            }
          }
          ... on TaskTransitioned {
            task {
              id
              ...FleetTask
            }
            agent {
              id
              ...FleetAgentNow
            }
          }
        }
      }
    }
  }
`);
