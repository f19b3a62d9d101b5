import { formatId } from "@muster/domain/ids.ts";
import { agentUuid, PROJECT } from "../fleet.ts";

/** What one socket subscribes to. */
export interface Subscription {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const PROJECT_ID = formatId("project", PROJECT);

/** What a screen shows of a transition; the payload has about 300 bytes. */
const TRANSITIONS = `subscription Transitions($project: ID!, $agents: [ID!]) {
  agentTransitions(project: $project, agents: $agents) {
    __typename
    ... on EventDelivery { cursor event { __typename id at ... on AgentTransitioned { from to action } } }
    ... on Bookmark { cursor caughtUp }
    ... on ResyncRequired { cursor reason }
  }
}`;

const EVENTS = `subscription Events($project: ID!, $after: String) {
  events(project: $project, after: $after) {
    __typename
    ... on EventDelivery { cursor event { __typename id type at subjectId subjectVersion payload } }
    ... on Bookmark { cursor caughtUp }
    ... on ResyncRequired { cursor reason }
  }
}`;

/** So many times the same subscription: the transitions of all agents. */
export function followingAll(count: number): Subscription[] {
  return Array.from({ length: count }, () => ({ query: TRANSITIONS, variables: { project: PROJECT_ID } }));
}

/** Subscriptions that each follow one agent: those numbered from `first` on. */
export function followingOne(first: number, count: number): Subscription[] {
  return Array.from({ length: count }, (_, index) => ({
    query: TRANSITIONS,
    variables: { project: PROJECT_ID, agents: [formatId("agent", agentUuid(first + index))] },
  }));
}

/** All events after a cursor. */
export function replaying(after: string): Subscription {
  return { query: EVENTS, variables: { project: PROJECT_ID, after } };
}
