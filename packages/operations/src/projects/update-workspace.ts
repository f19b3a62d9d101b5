import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorizeWorkspace } from "../authorize.ts";
import { CALLER_COLUMNS, callerValues } from "../caller-values.ts";
import { changedColumns } from "../changes.ts";
import { parseInput, text } from "../input.ts";
import { measureFirst } from "../quotas/storage-quota.ts";
import { type Runtime, write } from "../runtime.ts";
import { getWorkspaces, type Workspace, workspaceColumns } from "./project-queries.ts";

/** About a hundred years: as long as the database lets it be. */
const MOST_DAYS = 36_500;

/** The quotas: null for any number; left out: as it is. */
const Quotas = z.object({
  maxAgents: z.number().int().min(1).max(10_000_000).nullish(),
  maxRunningAgents: z.number().int().min(1).max(10_000_000).nullish(),
  maxTasksPerMinute: z.number().int().min(1).max(100_000_000).nullish(),
  maxContexts: z.number().int().min(1).max(100_000_000).nullish(),
  maxStorageBytes: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).nullish(),
});

const UpdateWorkspace = Quotas.extend({
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

/** Settings that are set or lifted (null) when they are given: their columns and types. */
const SETTINGS = {
  eventRetentionDays: ["event_retention_days", "int"],
  maxRunningTasks: ["max_running_tasks", "int"],
  keepContextVersions: ["keep_context_versions", "int"],
  maxAgents: ["max_agents", "int"],
  maxRunningAgents: ["max_running_agents", "int"],
  maxTasksPerMinute: ["max_tasks_per_minute", "int"],
  maxContexts: ["max_contexts", "int"],
  maxStorageBytes: ["max_storage_bytes", "bigint"],
} as const;
const NAMES = Object.keys(SETTINGS) as (keyof typeof SETTINGS)[];
const COLUMNS = Object.fromEntries(NAMES.map((name) => [name, SETTINGS[name][0]]));
const given = (name: keyof typeof SETTINGS) => `($10::jsonb ->> '${name}')::${SETTINGS[name][1]}`;
const each = (sql: (name: keyof typeof SETTINGS, column: string) => string) =>
  NAMES.map((name) => sql(name, SETTINGS[name][0])).join(",\n      ");

// $1–$6 the caller, $7 workspace, $8 name, $9 the expected version, $10 the settings that are given, by their names
const updateStatement = statement<Workspace>(`
  with before as materialized (
    select * from workspaces w
    where w.id = $7 and ($5::uuid[] is null or w.id = any($5)) and $6::uuid[] is null for no key update
  ), change as (
    select w.id, array_remove(array[
      case when $8::text <> w.name then 'name' end,
      ${each((name, column) => `case when $10::jsonb ? '${name}' and ${given(name)} is distinct from w.${column} then '${name}' end`)}
    ], null) as changed
    from before w
  ), updated as (
    update workspaces w
    set name = coalesce($8, w.name), version = w.version + 1,
      ${each((name, column) => `${column} = case when $10::jsonb ? '${name}' then ${given(name)} else w.${column} end`)}
    from change c where w.id = c.id and cardinality(c.changed) > 0 and ($9::int is null or w.version = $9)
    returning w.*, c.changed
  ), unmeasured as (
    delete from workspace_storage s using updated u where s.workspace_id = u.id and u.max_storage_bytes is null
  ), happened as (
    select id as workspace_id, null::uuid as project_id, 'workspace.updated' as type, id as subject_id, version as subject_version,
           null::uuid as agent_id, null::uuid as task_id, null::uuid as context_id, ${CALLER_COLUMNS}, null::text as reason,
           jsonb_build_object('changed', changed, 'name', name, 'version', version,
             ${each((name, column) => `'${name}', ${column}`)})
             || (select ${changedColumns("before", "updated", { name: "name", ...COLUMNS })} from before) as payload,
           null::jsonb as labels, clock_timestamp() as at
    from updated
  ), appended as (${appendEvents("happened")})
  select ${workspaceColumns("updated")} from updated`);

/**
 * Changes what is given of a workspace and leaves the rest. `eventRetentionDays` is for how long its events are kept at least; null
 * leaves that to the installation. Events that are removed do not come back when it grows. `maxRunningTasks` is how many tasks its
 * agents may hold at once; what they hold already is left to them. `keepContextVersions` is how many of the newest versions of each
 * context keep their data at least, where the context says nothing else; data that was removed does not come back when it grows. The
 * quotas refuse what would go beyond them; what is there already stays.
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
  const { workspaceId, name = null, expectedVersion = null, ...settings } = parseInput(UpdateWorkspace, input);
  refuseLongerThan(runtime.settings.eventRetentionDays, settings.eventRetentionDays ?? null);
  const values = [...callerValues(caller), workspaceId, name, expectedVersion, JSON.stringify(settings)];
  const [updated] = await write(runtime, updateStatement, values);
  if (updated) {
    // What there is counts from the first write on; that one would have to wait for it otherwise.
    if (settings.maxStorageBytes) await measureFirst(runtime.database, workspaceId, 0);
    return updated;
  }
  const [present] = await getWorkspaces(runtime, caller, [workspaceId]);
  if (!present) throw new NotFound("workspace");
  const expected = expectedVersion ?? present.version;
  if (expected !== present.version) throw new Conflict("workspace version", String(expected), String(present.version));
  return present;
}

function refuseLongerThan(installation: number | null, days: number | null): void {
  if (installation === null || days === null || days <= installation) return;
  const message = `must be at most ${installation}: this installation removes older events (MUSTER_EVENT_RETENTION_DAYS).`;
  throw new InvalidInput([{ path: ["eventRetentionDays"], message }]);
}
