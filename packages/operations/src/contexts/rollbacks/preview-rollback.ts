import { VersionTampered } from "@muster/domain/errors.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { diffJson } from "@muster/domain/json-diff.ts";
import type { JsonPatchOperation } from "@muster/domain/json-patch.ts";
import { movesOf } from "@muster/domain/lifecycle.ts";
import { taskLifecycle } from "@muster/domain/task-lifecycle.ts";
import { z } from "zod";
import { authorize } from "../../authorize.ts";
import { parseInput } from "../../input.ts";
import { sqlArray } from "../../lifecycle-sql.ts";
import type { Runtime } from "../../runtime.ts";
import { HELD } from "../../tasks/task.ts";
import { readContext } from "../context-queries.ts";
import { type ContextReader, getReaders } from "../reader-queries.ts";
import { loadRollbackTarget, rollbackTarget } from "./roll-back-context.ts";
import { rollbackWarnings, type RollbackWarning } from "./rollback-warnings.ts";
import { loadVersionData, type VersionData, type VersionKey } from "../versions/version-queries.ts";

const PreviewRollback = z.object({ contextId: z.uuid(), toVersion: rollbackTarget });
export type PreviewRollbackInput = z.input<typeof PreviewRollback>;

/** So many versions, and so many tasks, are named; all are counted. */
const MOST_VERSIONS = 200;
const MOST_TASKS = 100;

/** What a rollback would do if it were made now. */
export interface RollbackPreview {
  readonly contextId: string;
  readonly toVersion: number;
  /** The newest version now. */
  readonly fromVersion: number;
  /** What would change in the data; all of it where the newest data cannot be relied on. */
  readonly operations: readonly JsonPatchOperation[];
  /** Numbers of versions with other data that would be held from then on, the newest first. */
  readonly skipped: readonly number[];
  readonly skippedCount: number;
  /** Numbers of versions that are held and would not be any more, because their data is what is gone back to. */
  readonly releases: readonly number[];
  readonly releaseCount: number;
  /** The agents that use the context, those that would be asked and those that would not. */
  readonly agents: readonly ContextReader[];
  /** Ids of tasks that run now with the agents that would be asked. */
  readonly runningTasks: readonly string[];
  readonly runningTaskCount: number;
  readonly warnings: readonly RollbackWarning[];
}

const affectedVersions = statement<Pick<RollbackPreview, "skipped" | "skippedCount" | "releases" | "releaseCount">>(`
  with skipped as (
    select v.number from context_versions v
    where v.context_id = $1 and v.number > $2 and v.number <= $3 and v.data_hash <> $4
  ), releases as (
    select v.number from context_versions v where v.context_id = $1 and v.data_hash = $4 and v.held_since is not null
  )
  select array(select number from skipped order by number desc limit ${MOST_VERSIONS}) as skipped,
         (select count(*)::int from skipped) as "skippedCount",
         array(select number from releases order by number desc limit ${MOST_VERSIONS}) as releases,
         (select count(*)::int from releases) as "releaseCount"`);

const OFFERED = sqlArray(movesOf(taskLifecycle, "START").from);

const tasksRunning = statement<{ ids: string[]; count: number }>(`
  with running as materialized (
    select t.id, t.state_since from tasks t
    where (t.workspace_id, t.project_id, t.agent_id) in (select a.workspace_id, a.project_id, a.id from agents a where a.id = any($1::uuid[]))
      and t.state = any(${HELD}) and t.state <> all(${OFFERED})
  )
  select array(select id from running order by state_since, id limit ${MOST_TASKS}) as ids, (select count(*)::int from running) as count`);

/**
 * What `rollBackContext` would do, without doing it: with its `expectedVersion` set to `fromVersion` it does this and nothing else to
 * the data. Throws `NotFound`, and as `loadRollbackTarget` does.
 */
export async function previewRollback(
  runtime: Runtime,
  caller: Caller,
  input: PreviewRollbackInput,
): Promise<RollbackPreview> {
  caller = authorize(caller, "context.read");
  const { contextId, toVersion } = parseInput(PreviewRollback, input);
  const { database } = runtime;
  const context = await readContext(database, caller, contextId);
  const target = await loadRollbackTarget(database, caller, context, toVersion);
  const [newest, agents, [versions]] = await Promise.all([
    loadUnlessTampered(runtime, caller, { contextId, number: context.currentVersion }),
    getReaders(runtime, caller, [contextId]),
    database.run(affectedVersions, [contextId, toVersion, context.currentVersion, target.dataHash]),
  ]);
  const asked = agents.filter((agent) => agent.wouldConfirm).map((agent) => agent.agentId);
  const [running] = await database.run(tasksRunning, [asked]);
  if (!versions || !running) throw new Error("A select without a table has one row.");
  return {
    contextId,
    toVersion,
    fromVersion: context.currentVersion,
    operations: newest ? diffJson(newest.data, target.data) : [{ op: "replace", path: "", value: target.data }],
    ...versions,
    agents,
    runningTasks: running.ids,
    runningTaskCount: running.count,
    warnings: rollbackWarnings(context, target, newest !== null),
  };
}

/** A rollback is the way out when the newest version's data was changed in the database. */
async function loadUnlessTampered(runtime: Runtime, caller: Caller, key: VersionKey): Promise<VersionData | null> {
  try {
    return (await loadVersionData(runtime.database, caller, [key]))[0] ?? null;
  } catch (error) {
    if (error instanceof VersionTampered) return null;
    throw error;
  }
}
