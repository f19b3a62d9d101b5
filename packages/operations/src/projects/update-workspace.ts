import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorizeWorkspace } from "../authorize.ts";
import { CALLER_COLUMNS, callerValues } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import { type Runtime, write } from "../runtime.ts";
import { getWorkspaces, type Workspace, workspaceColumns } from "./project-queries.ts";

/** About a hundred years: as long as the database lets it be. */
const MOST_DAYS = 36_500;

const UpdateWorkspace = z.object({
  workspaceId: z.uuid(),
  name: text(200).nullish(),
  /** null: what the installation says; left out: as it is. */
  eventRetentionDays: z.number().int().min(1).max(MOST_DAYS).nullish(),
  /** null: any number; left out: as it is. */
  maxRunningTasks: z.number().int().min(1).max(10_000_000).nullish(),
  /** null: all; left out: as it is. */
  keepContextVersions: z.number().int().min(1).max(1_000_000).nullish(),
  expectedVersion: z.number().int().nullish(),
});
export type UpdateWorkspaceInput = z.input<typeof UpdateWorkspace>;

// $1–$6 the caller, $7 workspace, $8 name, $9 whether the days are given, $10 days, $11 the expected version, $12 whether the limit
// is given, $13 the limit, $14 whether the number of versions is given, $15 that number
const updateStatement = statement<Workspace>(`
  with change as (
    select w.id, array_remove(array[
      case when $8::text <> w.name then 'name' end,
      case when $9::boolean and $10::int is distinct from w.event_retention_days then 'eventRetentionDays' end,
      case when $12::boolean and $13::int is distinct from w.max_running_tasks then 'maxRunningTasks' end,
      case when $14::boolean and $15::int is distinct from w.keep_context_versions then 'keepContextVersions' end], null) as changed
    from workspaces w
    where w.id = $7 and ($5::uuid[] is null or w.id = any($5)) and $6::uuid is null
  ), updated as (
    update workspaces w
    set name = coalesce($8, w.name), version = w.version + 1,
        event_retention_days = case when $9 then $10 else w.event_retention_days end,
        max_running_tasks = case when $12 then $13 else w.max_running_tasks end,
        keep_context_versions = case when $14 then $15 else w.keep_context_versions end
    from change c where w.id = c.id and cardinality(c.changed) > 0 and ($11::int is null or w.version = $11)
    returning w.*, c.changed
  ), happened as (
    select id as workspace_id, null::uuid as project_id, 'workspace.updated' as type, id as subject_id, version as subject_version,
           null::uuid as agent_id, null::uuid as task_id, null::uuid as context_id, ${CALLER_COLUMNS}, null::text as reason,
           jsonb_build_object('changed', changed, 'name', name, 'eventRetentionDays', event_retention_days,
             'maxRunningTasks', max_running_tasks, 'keepContextVersions', keep_context_versions, 'version', version) as payload,
           null::jsonb as labels, clock_timestamp() as at
    from updated
  ), appended as (${appendEvents("happened")})
  select ${workspaceColumns("updated")} from updated`);

/**
 * Changes what is given of a workspace and leaves the rest. `eventRetentionDays` is for how long its events are kept at least; null
 * leaves that to the installation. Events that are removed do not come back when it grows. `maxRunningTasks` is how many tasks its
 * agents may hold at once; what they hold already is left to them. `keepContextVersions` is how many of the newest versions of each
 * context keep their data at least, where the context says nothing else; data that was removed does not come back when it grows.
 *
 * Throws `NotFound`, `Conflict` when the version is not the expected one, and `InvalidInput` when events would be kept for longer than the installation keeps
 * them: whoever runs it decides how much its disk has to hold.
 */
export async function updateWorkspace(
  runtime: Runtime,
  caller: Caller,
  input: UpdateWorkspaceInput,
): Promise<Workspace> {
  caller = authorizeWorkspace(caller, "workspace.update");
  const given = parseInput(UpdateWorkspace, input);
  refuseLongerThan(runtime.settings.eventRetentionDays, given.eventRetentionDays ?? null);
  const [updated] = await write(runtime, updateStatement, [
    ...callerValues(caller),
    given.workspaceId,
    given.name ?? null,
    given.eventRetentionDays !== undefined,
    given.eventRetentionDays ?? null,
    given.expectedVersion ?? null,
    given.maxRunningTasks !== undefined,
    given.maxRunningTasks ?? null,
    given.keepContextVersions !== undefined,
    given.keepContextVersions ?? null,
  ]);
  if (updated) return updated;
  const [present] = await getWorkspaces(runtime, caller, [given.workspaceId]);
  if (!present) throw new NotFound("workspace");
  const expected = given.expectedVersion ?? present.version;
  if (expected !== present.version) throw new Conflict("workspace version", String(expected), String(present.version));
  return present;
}

function refuseLongerThan(installation: number | null, days: number | null): void {
  if (installation === null || days === null || days <= installation) return;
  const message = `must be at most ${installation}: this installation removes older events (MUSTER_EVENT_RETENTION_DAYS).`;
  throw new InvalidInput([{ path: ["eventRetentionDays"], message }]);
}
