import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict, NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { changedColumns } from "../changes.ts";
import { parseInput } from "../input.ts";
import { type Runtime, write } from "../runtime.ts";
import { type SavedView, savedViewColumns, savedViewEvents, viewName, viewQuery } from "./saved-view.ts";
import { getSavedViews } from "./saved-view-queries.ts";
import { unlessNameTaken } from "./unless-name-taken.ts";

const UpdateSavedView = z.object({
  viewId: z.guid(),
  name: viewName.nullish(),
  query: viewQuery.nullish(),
  /** Changes it only while it has this version. */
  expectedVersion: z.int().nullish(),
});
export type UpdateSavedViewInput = z.input<typeof UpdateSavedView>;

const updateView = statement<SavedView>(`
  with before as materialized (
    select * from saved_views v where v.id = $7 and ${inReach("v")} for no key update
  ), updated as (
    update saved_views v
    set name = coalesce($8, v.name), query = coalesce($9, v.query), version = v.version + 1,
        updated_at = greatest(clock_timestamp(), v.updated_at)
    from before
    where v.id = $7 and before.id = v.id and ${inReach("v")} and ($10::int is null or v.version = $10)
      and (coalesce($8, v.name), coalesce($9, v.query)) is distinct from (v.name, v.query)
    returning v.*, array_remove(array[case when v.name <> before.name then 'name' end, case when v.query <> before.query then 'query' end], null) as changed
  ),
  happened as (${savedViewEvents("updated", {
    type: "saved_view.updated",
    payload: `jsonb_build_object('query', query, 'changed', changed) || (select ${changedColumns("before", "updated", { name: "name", query: "query" })} from before)`,
  })}),
  appended as (${appendEvents("happened")})
  select ${savedViewColumns("updated")} from updated`);

/**
 * Gives a saved view another name, or has it show something else; what is left out stays. Throws `NotFound`, and `Conflict` when
 * the name is taken or the version is not the expected one.
 */
export async function updateSavedView(
  runtime: Runtime,
  caller: Caller,
  input: UpdateSavedViewInput,
): Promise<SavedView> {
  caller = authorize(caller, "view.manage");
  const { viewId, name = null, query = null, expectedVersion = null } = parseInput(UpdateSavedView, input);
  const values = [...callerValues(caller), viewId, name, query, expectedVersion];
  const [updated] = await unlessNameTaken(name, () => write(runtime, updateView, values));
  if (updated) return updated;
  const [present] = await getSavedViews(runtime, caller, [viewId]);
  if (!present) throw new NotFound("saved view");
  if (expectedVersion !== null && expectedVersion !== present.version) {
    throw new Conflict("saved view version", String(expectedVersion), String(present.version));
  }
  return present;
}
