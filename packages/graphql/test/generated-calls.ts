import { randomUUID } from "node:crypto";
import { formatContextVersionId, formatId } from "@muster/domain/ids.ts";
import {
  getNamedType,
  getNullableType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredArgument,
  isRequiredInputField,
} from "graphql";
import type { IdOf } from "./tenants.ts";

/** What the ids in arguments and input fields are ids of, by "Type.field" or by "field". Whoever adds one says it here. */
const IDS: Readonly<Record<string, IdOf | "any">> = {
  "AgentFilter.ids": "agent",
  "TaskFilter.ids": "task",
  "Query.node": "any",
  "Query.nodes": "any",
  "Query.waitForTask": "task",
  "Subscription.task": "task",
  actors: "agent",
  agent: "agent",
  agentId: "agent",
  agents: "agent",
  apiKeyId: "apiKey",
  authors: "agent",
  context: "context",
  credentials: "apiKey",
  contextId: "context",
  contexts: "context",
  definition: "definition",
  definitionSlug: "definitionSlug",
  deliveryId: "webhookDelivery",
  dependsOn: "task",
  eventId: "event",
  from: "contextVersion",
  fromVersion: "contextVersion",
  jobId: "bulkJob",
  membershipId: "membership",
  project: "project",
  projectId: "project",
  projects: "project",
  schedule: "schedule",
  scheduleId: "schedule",
  sessionId: "session",
  subjects: "agent",
  task: "task",
  taskId: "task",
  tasks: "task",
  to: "contextVersion",
  user: "user",
  userId: "user",
  viewId: "savedView",
  webhookId: "webhook",
  webhooks: "webhook",
  workflow: "workflow",
  workflowId: "workflow",
  workspace: "workspace",
  workspaceId: "workspace",
};

/** What is found by a name that is the same for all. */
const NAMED: Readonly<Record<string, IdOf>> = {
  "Query.project.path": "projectPath",
  "Query.workspace.slug": "workspaceSlug",
  "RegisterAgentInput.definitionSlug": "definitionSlug",
  "Project.definition.slug": "definitionSlug",
};

let made = 0;
/** No two calls make the same, nor say that they come first. */
const next = () => (made += 1);

/** What has to be right for a call to get past the check of its input, by "Type.field" or by "field". */
const VALUES: Readonly<Record<string, unknown>> = {
  "WebhookFilterInput.types": "task.transitioned",
  "EventFilter.types": "task.transitioned",
  "CreateSavedViewInput.query": "state=IDLE",
  "TransitionAgentsInput.action": "RESTART",
  cron: "0 3 * * *",
  email: "someone@example.com",
  key: "limit-0",
  max: 5,
  name: () => `generated-${next()}`,
  op: "add",
  path: "/a",
  periodMs: 60_000,
  pointer: "/a",
  queue: "queue-0",
  sequence: next,
  slug: () => `generated-${next()}`,
  timeZone: "UTC",
  url: "https://example.com/",
};

/** What an input needs besides its required fields. */
const BESIDES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  // True of all, and so the request is not for all.
  AgentFilter: { search: "agent" },
  TaskFilter: { createdAfter: "2020-01-01T00:00:00.000Z" },
  ReplayWebhookInput: { since: "2026-01-01T00:00:00.000Z" },
  RunTaskInput: { waitMs: 1 },
  "Query.waitForTask": { waitMs: 1 },
  WriteContextInput: { data: { value: 3 } },
};

/** Where in the arguments an id stands, and of what. */
export interface IdPlace {
  readonly path: readonly string[];
  readonly kind: IdOf | "any";
}

type Input = GraphQLArgument | GraphQLInputField;

/** Every place in the arguments of a field where an id can be given, however deep. */
export function idPlaces(owner: string, field: GraphQLField<unknown, unknown>): IdPlace[] {
  return field.args.flatMap((argument) => placesIn(`${owner}.${field.name}`, argument, [], []));
}

function placesIn(owner: string, input: Input, above: readonly string[], types: readonly string[]): IdPlace[] {
  const path = [...above, input.name];
  const kind = kindOf(owner, input);
  if (kind) return [{ path, kind }];
  const type = getNamedType(input.type);
  if (!isInputObjectType(type) || types.includes(type.name)) return [];
  return Object.values(type.getFields()).flatMap((field) => placesIn(type.name, field, path, [...types, type.name]));
}

function kindOf(owner: string, input: Input): IdOf | "any" | null {
  const named = NAMED[`${owner}.${input.name}`];
  if (named) return named;
  if (getNamedType(input.type).name !== "ID") return null;
  const kind = IDS[owner] ?? IDS[`${owner}.${input.name}`] ?? IDS[input.name];
  if (!kind) throw new Error(`${owner}.${input.name} is an id of what? Say it in IDS of generated-calls.ts.`);
  return kind;
}

/**
 * Arguments for a field: what is required, and what `given` asks for, with `idOf` for the ids that this needs. Throws when it
 * does not know what an id is of.
 */
export function argumentsFor(
  owner: string,
  field: GraphQLField<unknown, unknown>,
  given: readonly string[],
  idOf: (place: IdPlace) => string,
): Record<string, unknown> {
  const name = `${owner}.${field.name}`;
  return valuesOf(name, field.args, given, { above: [], idOf });
}

interface Making {
  readonly above: readonly string[];
  readonly idOf: (place: IdPlace) => string;
}

function valuesOf(owner: string, inputs: readonly Input[], given: readonly string[], making: Making) {
  const values: Record<string, unknown> = { ...BESIDES[owner] };
  for (const input of inputs) {
    if (given[0] !== input.name && !isRequired(input)) continue;
    values[input.name] = valueOf(owner, input, given[0] === input.name ? given.slice(1) : [], making);
  }
  return values;
}

function isRequired(input: Input): boolean {
  return isRequiredArgument(input as GraphQLArgument) || isRequiredInputField(input as GraphQLInputField);
}

function valueOf(owner: string, input: Input, given: readonly string[], { above, idOf }: Making): unknown {
  const path = [...above, input.name];
  const kind = kindOf(owner, input);
  const listed = (value: unknown) => (isListType(getNullableType(input.type)) ? [value] : value);
  if (kind) return listed(idOf({ path, kind }));
  const known = VALUES[`${owner}.${input.name}`] ?? VALUES[input.name];
  if (known !== undefined && !isInputObjectType(getNamedType(input.type)))
    return listed(typeof known === "function" ? known() : known);
  return listed(plainValue(input.type, given, { above: path, idOf }));
}

function plainValue(type: GraphQLInputType, given: readonly string[], making: Making): unknown {
  const named = getNamedType(type);
  if (isInputObjectType(named)) return valuesOf(named.name, Object.values(named.getFields()), given, making);
  if (isEnumType(named)) return named.getValues()[0]?.name;
  if (named.name === "String") return "generated";
  if (named.name === "Int" || named.name === "Float") return 1;
  if (named.name === "Boolean") return true;
  if (named.name === "DateTime") return "2026-01-01T00:00:00.000Z";
  if (named.name === "JSON") return {};
  throw new Error(`What is a value of ${named.name}? Say it in generated-calls.ts.`);
}

/** An id of the kind that nothing has. */
export function missingId(kind: IdOf): string {
  if (kind === "contextVersion") return formatContextVersionId(randomUUID(), 1);
  if (kind === "event") return "event_999999999";
  if (kind === "projectPath") return "missing/one";
  if (kind === "workspaceSlug") return "missing";
  if (kind === "definitionSlug") return "only-missing";
  return formatId(kind, randomUUID());
}
