import { execute } from "@graphql-tools/executor";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import {
  createSourceEventStream,
  type ExecutionResult,
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  isInterfaceType,
  isObjectType,
  parse,
  validateSubscriptionArgs,
} from "graphql";
import { expect, it } from "vitest";
import { presentError } from "../src/present-error.ts";
import type { RequestContext } from "../src/request-context.ts";
import { schema } from "../src/schema.ts";
import { argumentsFor, type IdPlace, idPlaces, missingId } from "./generated-calls.ts";
import { everythingOf } from "./selections.ts";
import type { IdOf, Place, Tenants } from "./tenants.ts";

type Field = GraphQLField<unknown, unknown>;
type Kind = "query" | "mutation" | "subscription";

/** A way to call a field with an id: of a root, or of something that the caller has. */
interface Call {
  readonly name: string;
  readonly kind: Kind;
  readonly owner: string;
  readonly field: Field;
  readonly place: IdPlace;
  readonly of: IdOf;
}

/** How objects without an id of their own are reached: from which node, and through which fields. */
const WAYS: Readonly<Record<string, { readonly from: IdOf; readonly through: string }>> = {
  AgentDefinitionVersion: { from: "definition", through: "... on AgentDefinition { edition(number: 1) { # } }" },
  FleetSnapshot: { from: "project", through: '... on Project { fleetAt(at: "#now") { # } }' },
};

/** The kinds that `node` finds. */
export const NODES: readonly IdOf[] = [
  "agent", "definition", "bulkJob", "context", "contextVersion", "event", "project", "queue", "rateLimit", "savedView",
  "schedule", "task", "webhook", "webhookDelivery", "workflow", "workspace", "user", "membership", "session", "apiKey",
]; // prettier-ignore

const ROOTS = new Map<GraphQLObjectType | null | undefined, Kind>([
  [schema.getQueryType(), "query"],
  [schema.getMutationType(), "mutation"],
  [schema.getSubscriptionType(), "subscription"],
]);

/** Every way to give an id to the API. */
export const CALLS: readonly Call[] = Object.values(schema.getTypeMap())
  .filter((type) => isObjectType(type) && !type.name.startsWith("__"))
  .flatMap((type) => {
    const object = type as GraphQLObjectType;
    return Object.values(object.getFields()).flatMap((field) =>
      idPlaces(object.name, field).flatMap((place) =>
        (place.kind === "any" ? NODES : [place.kind]).map((of) => ({
          name: `${object.name}.${field.name} ${place.path.join(".")}${place.kind === "any" ? ` (${of})` : ""}`,
          kind: ROOTS.get(object) ?? ("query" as const),
          owner: object.name,
          field,
          place,
          of,
        })),
      ),
    );
  });

/** What the caller `as` is answered, in words that do not tell one new row, or one moment, from another. */
export async function answer(tenants: Tenants, as: Caller, call: Call, own: Place, id: string): Promise<string> {
  const { field, kind, owner, place } = call;
  const isHere = (each: IdPlace) => each.path.join() === place.path.join();
  const values = argumentsFor(owner, field, place.path, (each) =>
    isHere(each) ? id : (own.ids.get(each.kind as IdOf) ?? missingId(each.kind as IdOf)),
  );
  const given = field.args.filter(({ name }) => name in values);
  const asked = `${field.name}${given.length > 0 ? `(${given.map(({ name }) => `${name}: $${name}`).join(", ")})` : ""}`;
  const of = getNamedType(field.type);
  const inner = `${asked} ${everythingOf(of, isInterfaceType(of) ? 0 : 1)}`;
  const variables: Record<string, unknown> = { ...values };
  const types = given.map(({ name, type }) => `$${name}: ${String(type)}`);
  let body = inner;
  if (![...ROOTS.keys()].some((root) => root?.name === owner)) {
    const way = WAYS[owner] ?? { from: kindOfNode(owner), through: `... on ${owner} { # }` };
    variables.start = own.ids.get(way.from);
    types.push("$start: ID!");
    body = `node(id: $start) { ${way.through.replace("#now", new Date().toISOString()).replace("#", inner)} }`;
  }
  const text = `${kind}${types.length > 0 ? `(${types.join(", ")})` : ""} { ${body} }`;
  const result = await (kind === "subscription" ? subscribed : executed)(tenants.contextOf(as), text, variables);
  return worded(result).replaceAll(id, "the id");
}

/** The kind of the ids of a type of node. */
export function kindOfNode(type: string): IdOf {
  if (type === "AgentDefinition") return "definition";
  const kind = `${type.charAt(0).toLowerCase()}${type.slice(1)}` as IdOf;
  if (!NODES.includes(kind)) throw new Error(`How is a ${type} reached? Say it in WAYS.`);
  return kind;
}

export async function executed(
  contextValue: RequestContext,
  text: string,
  variableValues: Record<string, unknown>,
): Promise<ExecutionResult> {
  return execute({
    schema,
    document: parse(text),
    contextValue,
    variableValues,
  }) as Promise<ExecutionResult>;
}

async function subscribed(
  contextValue: RequestContext,
  text: string,
  variableValues: Record<string, unknown>,
): Promise<ExecutionResult> {
  const operation = validateSubscriptionArgs({
    schema,
    document: parse(text),
    contextValue,
    variableValues,
  });
  if (Array.isArray(operation)) return { errors: operation };
  const source = await createSourceEventStream(operation as never);
  if (!(Symbol.asyncIterator in source)) return source;
  await (source as AsyncGenerator).return?.(undefined);
  return { data: { subscribed: true } };
}

function worded({ data, errors }: ExecutionResult): string {
  const refusals = errors?.map((error) => presentError(error)?.toJSON() ?? `unexpected: ${error.message}`);
  return JSON.stringify({ data, errors: refusals })
    .replaceAll(/\b([a-z]+)_[0-9a-z]{26}\b/g, "$1_…")
    .replaceAll(/\b[0-9a-f]{64}\b/g, "hash")
    .replaceAll(/\b(whsec|mst)_[\w+/=-]+/g, "secret")
    .replaceAll(/_cursor":"[^"]*"/g, '_cursor":"cursor"')
    .replaceAll(/generated-\d+/g, "generated")
    .replaceAll(/_version":\d+/g, '_version":1')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "time")
    .replaceAll(/"locations":\[[^\]]*\],?/g, "");
}

const tablesOf = statement<{ name: string; scope: string }>(`
  select c.relname as name, min(a.attname) filter (where a.attname in ('project_id', 'workspace_id')) as scope
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  group by c.relname having count(*) filter (where a.attname in ('project_id', 'workspace_id')) > 0`);

/** Every row that is of the place, in all tables, as one text for each table. */
async function rowsOf(tenants: Tenants, place: Place): Promise<Record<string, string>> {
  const tables = await tenants.database.run(tablesOf, []);
  const parts = tables.map(({ name, scope }) => {
    const id = scope === "project_id" ? place.projectId : place.workspaceId;
    return `select '${name}' as name, count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as rows
      from ${name} t where t.${scope} = '${id}'`;
  });
  const rows = await tenants.database.run(statement<{ name: string; rows: string }>(parts.join(" union all ")), []);
  return Object.fromEntries(rows.map((row) => [row.name, row.rows]));
}

/** How those ask who are at home in `own`. */
export interface Asking {
  readonly tenants: () => Tenants;
  readonly callers: (tenants: Tenants) => Readonly<Record<string, Caller>>;
  readonly own: (tenants: Tenants) => Place;
  readonly foreign: (tenants: Tenants) => Place;
  readonly calls?: readonly Call[];
}

/** Calls everything with ids of `foreign`, as each of the callers: one test for each call. */
export function demandNothing({ tenants: made, callers, own, foreign, calls = CALLS }: Asking): void {
  it.each(calls.map((call) => [call.name, call] as const))("%s", async (_name, call) => {
    const tenants = made();
    const id = foreign(tenants).ids.get(call.of);
    if (id === undefined) throw new Error(`Make a ${call.of} in tenants.ts, to be asked for.`);
    const before = call.kind === "mutation" ? await rowsOf(tenants, foreign(tenants)) : null;
    for (const [name, caller] of Object.entries(callers(tenants))) {
      const missing = await answer(tenants, caller, call, own(tenants), missingId(call.of));
      expect(await answer(tenants, caller, call, own(tenants), id), `as ${name}`).toBe(missing);
      expect(missing, `as ${name}`).not.toContain("unexpected");
    }
    if (before) expect(await rowsOf(tenants, foreign(tenants))).toEqual(before);
  });
}
