"use client";
import { graphql } from "#api/generated/gql.ts";
import { useLiveQuery } from "#live/use-live-query.ts";

const ContextQuery = graphql(`
  query Context($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Context {
        name
        project {
          id
          path
          cursor
          dropped: events(last: 50, filter: { types: ["context.rollback_agent_dropped"], contexts: [$id] }) {
            edges {
              node {
                id
                at
                payload
              }
            }
          }
        }
        ...LiveContext
        ...ContextFacts
      }
    }
  }
`);

/** What events of the context bring along, too, so that they need no answer to another question. */
export const LiveContextFragment = graphql(`
  fragment LiveContext on Context {
    id
    currentVersion
    rollbackState
    ...ContextHeader
    ...RollbackPanel
    ...NewestVersions
  }
`);

const ContextFeed = graphql(`
  subscription ContextFeed($project: ID!, $context: ID!, $after: String) {
    events(project: $project, after: $after, filter: { contexts: [$context] }) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          type
          ... on ContextVersionWritten {
            rolledBackTo
            context {
              id
              ...LiveContext
            }
          }
          ... on RollbackSettled {
            context {
              id
              ...LiveContext
            }
          }
        }
      }
    }
  }
`);

/** These bring no context along: what they change is read again. */
const REREAD = new Set([
  "context.rollback_confirmed",
  "context.rollback_agent_dropped",
  "context.rollback_retried",
  "context.version_released",
  "context.rollback_settled",
  "context.version_pinned",
  "context.version_unpinned",
  "context.versions_pruned",
  "context.updated",
]);

/** After these, versions far down the list look otherwise: held or not, named or not, without their data. */
const CHANGES_OLD = new Set([
  "context.version_released",
  "context.version_pinned",
  "context.version_unpinned",
  "context.versions_pruned",
]);

/** One context, kept up to date. */
export function useContext(id: string) {
  const { data, events, error } = useLiveQuery({
    query: ContextQuery,
    variables: { id },
    feed: ({ node }) =>
      node?.__typename === "Context"
        ? {
            document: ContextFeed,
            variables: { project: node.project.id, context: node.id },
          }
        : null,
    rereadOn: (event) =>
      REREAD.has(event.type) || (event.__typename === "ContextVersionWritten" && event.rolledBackTo !== null),
  });
  const changes = events.filter(
    (event) =>
      CHANGES_OLD.has(event.type) || (event.__typename === "ContextVersionWritten" && event.rolledBackTo !== null),
  );
  return { data, error, lastChange: changes.at(-1)?.id ?? null };
}
