import { NotFound } from "@muster/domain/errors.ts";
import {
  formatContextVersionId,
  formatId,
  type IdKind,
  parseAnyId,
  parseContextVersionId,
  parseEventId,
  parseId,
} from "@muster/domain/ids.ts";

/** The GraphQL types that are nodes, and the kind of id each has. */
const NODE_KINDS: Record<string, IdKind> = {
  Agent: "agent",
  AgentDefinition: "definition",
  ApiKey: "apiKey",
  BulkJob: "bulkJob",
  Context: "context",
  Membership: "membership",
  Project: "project",
  Queue: "queue",
  RateLimit: "rateLimit",
  SavedView: "savedView",
  Schedule: "schedule",
  Session: "session",
  Task: "task",
  User: "user",
  Webhook: "webhook",
  WebhookDelivery: "webhookDelivery",
  Workflow: "workflow",
  Workspace: "workspace",
};
const TYPE_NAMES = new Map(Object.entries(NODE_KINDS).map(([typename, kind]) => [kind, typename]));

/** The UUID in a public id that a client sent. Malformed, of another kind and unknown ids all answer NotFound. */
export function uuidOf(kind: IdKind, id: string): string {
  const uuid = parseId(kind, id);
  if (uuid === null) throw new NotFound(kind);
  return uuid;
}

/** The same for an optional id. */
export function optionalUuidOf(kind: IdKind, id: string | null | undefined): string | null {
  return id === null || id === undefined ? null : uuidOf(kind, id);
}

/** A node's public id. `key` is the row's UUID; a context version's is its context's UUID, "@" and its number. */
export function encodeNodeId(typename: string, key: string): string {
  if (typename === "ContextVersion") {
    const [contextId = "", number] = key.split("@");
    return formatContextVersionId(contextId, Number(number));
  }
  const kind = NODE_KINDS[typename];
  if (!kind) throw new TypeError(`${typename} is not a node.`);
  return formatId(kind, key);
}

/** The type and key of a node's public id; `typename` is empty when there can be no such node. */
export function decodeNodeId(id: string): { typename: string; id: string } {
  const version = parseContextVersionId(id);
  if (version) return { typename: "ContextVersion", id: `${version.contextId}@${version.number}` };
  const event = parseEventId(id);
  // Whatever its type: what is loaded says it.
  if (event !== null) return { typename: "OtherEvent", id: event };
  const parsed = parseAnyId(id);
  return { typename: (parsed && TYPE_NAMES.get(parsed.kind)) ?? "", id: parsed?.uuid ?? id };
}

/** The UUIDs of those ids of a list that can be ids of this kind. A filter by the others matches nothing. */
export function knownUuidsOf(kind: IdKind, ids: readonly string[]): string[] {
  return ids.map((id) => parseId(kind, id)).filter((uuid) => uuid !== null);
}
