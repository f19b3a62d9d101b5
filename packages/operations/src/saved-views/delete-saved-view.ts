import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { parseInput } from "../input.ts";
import { type Runtime, write } from "../runtime.ts";
import { type SavedView, savedViewColumns, savedViewEvents } from "./saved-view.ts";

const DeleteSavedView = z.object({ viewId: z.guid() });
export type DeleteSavedViewInput = z.input<typeof DeleteSavedView>;

const deleteView = statement<SavedView>(`
  with deleted as (delete from saved_views v where v.id = $7 and ${inReach("v")} returning v.*),
  happened as (${savedViewEvents("deleted", {
    type: "saved_view.deleted",
    payload: "jsonb_build_object('query', query)",
    version: "version + 1",
    at: "greatest(clock_timestamp(), updated_at)",
  })}),
  appended as (${appendEvents("happened")})
  select ${savedViewColumns("deleted")} from deleted`);

/** Removes a saved view, and gives it as it was: created again, it shows the same. Throws `NotFound`. */
export async function deleteSavedView(
  runtime: Runtime,
  caller: Caller,
  input: DeleteSavedViewInput,
): Promise<SavedView> {
  caller = authorize(caller, "view.manage");
  const { viewId } = parseInput(DeleteSavedView, input);
  const [deleted] = await write(runtime, deleteView, [...callerValues(caller), viewId]);
  if (!deleted) throw new NotFound("saved view");
  return deleted;
}
