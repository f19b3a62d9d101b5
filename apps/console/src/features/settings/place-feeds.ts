import { graphql } from "#api/generated/gql.ts";
import type {
  AuditFilter,
  WorkspaceFeedSubscription,
  WorkspaceFeedSubscriptionVariables,
} from "#api/generated/graphql.ts";
import type { Feed } from "#live/use-live-query.ts";

/** What happens in the workspace and its projects. */
const WorkspaceFeed = graphql(`
  subscription WorkspaceFeed($workspace: ID!, $filter: AuditFilter, $after: String) {
    workspaceEvents(workspace: $workspace, filter: $filter, after: $after) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
        }
      }
    }
  }
`);

/** What happens outside of all workspaces, or anywhere. */
const InstallationFeed = graphql(`
  subscription InstallationFeed($everywhere: Boolean!, $filter: AuditFilter, $after: String) {
    installationEvents(everywhere: $everywhere, filter: $filter, after: $after) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
        }
      }
    }
  }
`);

/** The feed of a place: whatever the place, what comes says that something has happened, and no more. */
export type PlaceFeed = Feed<WorkspaceFeedSubscription, WorkspaceFeedSubscriptionVariables>;

/** What happens in a workspace and its projects. */
export function workspaceFeed(workspace: string, filter: AuditFilter): PlaceFeed {
  return { document: WorkspaceFeed, variables: { workspace, filter } };
}

/** What happens outside of all workspaces; or `everywhere`. */
export function installationFeed(filter: AuditFilter, everywhere = false): PlaceFeed {
  return { document: InstallationFeed, variables: { everywhere, filter } } as unknown as PlaceFeed;
}

/** What changes keys, those of agents too. */
export const KEY_TYPES = [
  "api_key.created",
  "api_key.rotated",
  "api_key.revoked",
  "agent.registered",
  "agent.key_rotated",
];

/** What changes who has which role. */
export const ROLE_TYPES = ["membership.granted", "membership.changed", "membership.revoked"];

/** What changes how people are listed. */
export const PEOPLE_TYPES = [
  ...ROLE_TYPES,
  "user.created",
  "user.updated",
  "user.disabled",
  "user.enabled",
  "user.password_changed",
  "user.totp_enabled",
  "user.totp_disabled",
  "user.signed_in",
];
