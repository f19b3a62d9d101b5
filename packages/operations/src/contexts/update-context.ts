import { rowColumns } from "@muster/database/row-columns.ts";
import { statement } from "@muster/database/statement.ts";
import { contexts } from "@muster/database/tables/contexts.ts";
import type { Connection } from "@muster/database/database.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { changedColumns } from "../changes.ts";
import { jsonObject, parseInput } from "../input.ts";
import { checkJsonSchema, type JsonSchema, MAX_SCHEMA_BYTES } from "../json-schema.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { contextEvent, contextEventValues } from "./context-event.ts";
import { type Context, lockContext } from "./context-queries.ts";
import { checkContextData, schemaHash } from "./context-schema.ts";
import { loadVersionData } from "./versions/version-queries.ts";

const UpdateContext = z.object({
  contextId: z.uuid(),
  /** null: any data; left out: as it is. */
  schema: jsonObject(MAX_SCHEMA_BYTES).nullish(),
  /** null: as many as the workspace says; left out: as it is. */
  keepVersions: z.int().min(1).max(1_000_000).nullish(),
});
export type UpdateContextInput = z.input<typeof UpdateContext>;

const CHANGES = changedColumns("old", "source", { schema: "schema", keepVersions: "keep_versions" });
const PAYLOAD = `jsonb_build_object('changed', changed, 'schemaHash', schema_hash, 'keepVersions', keep_versions)
  || (select ${CHANGES} from contexts old where old.id = source.id)`;
// $2 whether the schema is given, $3 the schema, $4 whether the limit is given, $5 the limit
const updateStatement = statement<Context>(`
  with change as (
    select c.id, array_remove(array[
      case when $2::boolean and $3::jsonb is distinct from c.schema then 'schema' end,
      case when $4::boolean and $5::int is distinct from c.keep_versions then 'keepVersions' end], null) as changed
    from contexts c where c.id = $1
  ), updated as (
    update contexts c
    set schema = case when $2 then $3 else c.schema end, keep_versions = case when $4 then $5 else c.keep_versions end
    from change where c.id = change.id and cardinality(change.changed) > 0
    returning c.*, change.changed
  ), happened as (
    select ${contextEvent("context.updated", PAYLOAD, 6)}
    from (
      select u.*, ${schemaHash("u")} as schema_hash, greatest(clock_timestamp(), u.created_at, u.rollback_since, newest.created_at) as at
      from updated u left join context_versions newest on newest.context_id = u.id and newest.number = u.current_version) source
  ), appended as (${appendEvents("happened")})
  select ${rowColumns(contexts, "updated")} from updated`);

/**
 * Changes what is given of a context and leaves the rest. `schema` is a JSON Schema (draft-07 or 2020-12, at most 64 KiB) that data
 * written from now on has to match; older versions stay as they are, and a rollback may go back to them. `keepVersions` is how many of
 * the newest versions keep their data. Throws `NotFound`, and `InvalidInput` with the paths when the newest data does not match the schema.
 */
export async function updateContext(runtime: Runtime, caller: Caller, input: UpdateContextInput): Promise<Context> {
  caller = authorize(caller, "context.update");
  const { contextId, schema, keepVersions } = parseInput(UpdateContext, input);
  if (schema) checkJsonSchema(schema, ["schema"]);
  return writeAll(runtime, async (transaction) => {
    const context = await lockContext(transaction, caller, contextId);
    if (schema) await checkNewest(transaction, caller, context, schema);
    const [updated] = await transaction.run(updateStatement, [
      contextId,
      schema !== undefined,
      schema ? JSON.stringify(schema) : null,
      keepVersions !== undefined,
      keepVersions ?? null,
      ...contextEventValues(caller, null),
    ]);
    return updated ?? context;
  });
}

async function checkNewest(
  connection: Connection,
  caller: Caller,
  context: Context,
  schema: JsonSchema,
): Promise<void> {
  const { id: contextId, currentVersion: number } = context;
  const [newest] = number === 0 ? [] : await loadVersionData(connection, caller, [{ contextId, number }]);
  if (!newest) return;
  try {
    checkContextData(schema, newest.data, ["data"]);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const message = `does not fit the newest data, version ${number}: write data that matches it first.`;
    throw new InvalidInput([{ path: ["schema"], message }, ...error.issues]);
  }
}
