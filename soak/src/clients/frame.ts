import { parseEventId } from "@muster/domain/ids.ts";

/** The subscriptions whose histories are recorded. */
export const FIELDS = ["events", "agentTransitions", "taskUpdates", "contextVersions"] as const;
export type Field = (typeof FIELDS)[number];

/** The types of events that a field delivers; null for all. */
export const TYPES_OF: Readonly<Record<Field, readonly string[] | null>> = {
  events: null,
  agentTransitions: ["agent.transitioned"],
  taskUpdates: ["task.transitioned"],
  contextVersions: ["context.version_written", "context.rollback_settled"],
};

/** A frame as a client gets it. */
export type ClientFrame =
  | { readonly __typename: "EventDelivery"; readonly cursor: string; readonly event: ClientEvent }
  | { readonly __typename: "Bookmark"; readonly cursor: string; readonly caughtUp: boolean }
  | { readonly __typename: "ResyncRequired"; readonly cursor: string; readonly reason: string };

/** What the documents ask for of an event; all ids are public ones. */
export interface ClientEvent {
  readonly id: string;
  readonly subjectId: string;
  readonly subjectVersion: number;
}

/** Follows one field of a project after `$after`. `more` is asked for of each event besides what histories need. */
export function subscriptionTo(field: Field, more = ""): string {
  return `subscription ($project: ID!, $after: String) { ${field}(project: $project, after: $after) {
    __typename
    ... on EventDelivery { cursor event { id subjectId subjectVersion ${more} } }
    ... on Bookmark { cursor caughtUp }
    ... on ResyncRequired { cursor reason }
  } }`;
}

/** The event's decimal number. */
export function eventNumber(event: ClientEvent): string {
  const number = parseEventId(event.id);
  if (number === null) throw new Error(`${event.id} is not the id of an event.`);
  return number;
}
