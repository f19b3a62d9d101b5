import { graphql } from "#api/generated/gql.ts";

export const PageFragment = graphql(`
  fragment EventLogPage on EventConnection {
    edges {
      cursor
      node {
        ...EventLine
      }
    }
    pageInfo {
      hasPreviousPage
      hasNextPage
      startCursor
      endCursor
    }
  }
`);

export const AgentLogQuery = graphql(`
  query AgentLog($agent: ID!, $first: Int, $after: String, $last: Int, $before: String, $filter: EventFilter) {
    node(id: $agent) {
      __typename
      id
      ... on Agent {
        project {
          id
          cursor
        }
        timeline(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
          ...EventLogPage
        }
      }
    }
  }
`);

export const ProjectLogQuery = graphql(`
  query ProjectLog($path: String!, $first: Int, $after: String, $last: Int, $before: String, $filter: EventFilter) {
    project(path: $path) {
      id
      cursor
      events(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
        ...EventLogPage
      }
    }
  }
`);

export const EventTimeQuery = graphql(`
  query EventTime($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Event {
        at
      }
    }
  }
`);

export const LogFeed = graphql(`
  subscription LogFeed($project: ID!, $filter: EventFilter, $after: String) {
    events(project: $project, after: $after, filter: $filter) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          ...EventLine
        }
      }
    }
  }
`);
