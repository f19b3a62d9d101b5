import { statement } from "@muster/database/statement.ts";
import { parseAnyId } from "@muster/domain/ids.ts";
import { getNamedType, type GraphQLObjectType, isObjectType, isRequiredArgument } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { schema } from "../src/schema.ts";
import { executed, kindOfNode } from "./foreign-ids.ts";
import { everythingOf } from "./selections.ts";
import { createTenants, type Place, programOf, type Tenants } from "./tenants.ts";

let tenants: Tenants;
/** What belongs to others: UUIDs. */
let foreign: ReadonlySet<string>;
beforeAll(async () => {
  tenants = await createTenants();
  foreign = new Set((await Promise.all([tenants.beside, tenants.there].map(idsOf))).flat());
});
afterAll(() => tenants.close());

const tablesOfProjects = statement<{ name: string }>(`
  select c.relname as name from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not c.relispartition
    and (select count(*) from pg_attribute a where a.attrelid = c.oid and a.attname in ('id', 'project_id')) = 2`);

async function idsOf({ projectId }: Place): Promise<string[]> {
  const tables = await tenants.database.run(tablesOfProjects, []);
  const all = tables
    .map(({ name }) => `select id::text from ${name} where project_id = '${projectId}'`)
    .join(" union all ");
  const rows = await tenants.database.run(statement<{ id: string }>(all), []);
  return [projectId, ...rows.map(({ id }) => id)];
}

const nodes = schema.getPossibleTypes(schema.getType("Node") as never) as readonly GraphQLObjectType[];
const fields = nodes.flatMap((type) =>
  Object.values(type.getFields())
    .filter((field) => isObjectType(getNamedType(field.type)) && !field.args.some(isRequiredArgument))
    .map((field) => [`${type.name}.${field.name}`, type, field] as const),
);

describe("whatever can be read from one project leads to nothing of another", () => {
  it.each(fields)("%s", async (_name, type, field) => {
    const { here } = tenants;
    const page = field.args.some(({ name }) => name === "first") ? "(first: 3)" : "";
    const inner = (depth: number) => `${field.name}${page} ${everythingOf(getNamedType(field.type), depth)}`;
    const start = here.ids.get(
      type.getInterfaces().some(({ name }) => name === "Event") ? "event" : kindOfNode(type.name),
    );
    const ask = (depth: number) =>
      executed(
        tenants.contextOf(programOf("ADMIN", here.workspaceId, here.projectId)),
        `query ($start: ID!) { node(id: $start) { ... on ${type.name} { ${inner(depth)} } } }`,
        { start },
      );
    const deep = await ask(2);
    // Too much at once: one step less.
    const answer = JSON.stringify(deep.data?.node === undefined || deep.errors ? await ask(1) : deep);
    const ids = [...answer.matchAll(/\b[a-z]+_[0-9a-z]{26}\b/g)].map(([id]) => parseAnyId(id)?.uuid ?? "");
    expect(ids.filter((id) => foreign.has(id))).toEqual([]);
  });
});
