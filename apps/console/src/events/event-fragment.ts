import { graphql } from "#api/generated/gql.ts";

/** What an event's line tells. Every page that lists events selects this, in its query and in its feed. */
export const EventFragment = graphql(`
  fragment EventLine on Event {
    __typename
    id
    type
    at
    actor {
      kind
      id
      name
    }
    reason
    correlationId
    subjectId
    subjectVersion
    payload
    ... on AgentTransitioned {
      from
      to
      durationMs
      agent {
        id
        name
      }
    }
    ... on TaskTransitioned {
      taskFrom: from
      taskTo: to
      attempt
      durationMs
      task {
        id
        title
      }
      agent {
        id
        name
      }
    }
    ... on ContextVersionWritten {
      number
      rolledBackTo
      context {
        id
        name
      }
    }
    ... on RollbackSettled {
      version
      rollbackState: state
      error
      context {
        id
        name
      }
    }
    ... on OtherEvent {
      agent {
        id
        name
      }
      context {
        id
        name
      }
    }
  }
`);
