import type { EventLineFragment } from "#api/generated/graphql.ts";

/** An event as JSON: what the API calls its fields, in an order to read. */
export function eventJson(event: EventLineFragment): Record<string, unknown> {
  const { id, type, at, subjectId, subjectVersion, reason, correlationId, payload } = event;
  const { kind, id: actor, name } = event.actor;
  return { id, type, at, subjectId, subjectVersion, actor: { kind, id: actor, name }, reason, correlationId, payload };
}
