import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { Json } from "@muster/domain/json.ts";
import { movesOf } from "@muster/domain/lifecycle.ts";
import { taskLifecycle } from "@muster/domain/task-lifecycle.ts";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { json, parseInput, text } from "../input.ts";
import type { Runtime } from "../runtime.ts";
import { Attempt, repeatedOrRefused } from "./attempt.ts";
import { sqlArray } from "../lifecycle-sql.ts";
import { type Task, taskColumns } from "./task.ts";

export interface ReportProgressInput {
  readonly taskId: string;
  readonly attempt: number;
  /** How much is done, from 0 to 1. */
  readonly progress?: number | null | undefined;
  readonly message?: string | null | undefined;
  /** A piece of partial output, kept in order. */
  readonly chunk?: Json | null | undefined;
}

const schemaFor = (maxBytes: number) =>
  Attempt.extend({
    progress: z.number().min(0).max(1).nullish(),
    message: text(2_000, 0).nullish(),
    chunk: json(maxBytes),
  });

/** States in which an attempt is at work: those that it can complete from. */
const AT_WORK = sqlArray(movesOf(taskLifecycle, "COMPLETE").from);

// The lease is moved only when half of it is used: then most reports touch no index.
const report = statement<Task>(`
  with reported as (
    update tasks t
    set progress = coalesce($7::float8, t.progress),
        progress_message = coalesce($8, t.progress_message),
        chunk_count = t.chunk_count + ($9::jsonb is not null)::int,
        lease_until = case when t.lease_until < clock_timestamp() + interval '1 millisecond' * $10::int / 2
                           then clock_timestamp() + interval '1 millisecond' * $10::int else t.lease_until end
    where t.id = $1 and t.attempt = $2 and t.state = any(${AT_WORK}) and ($3::text <> 'AGENT' or t.agent_id = $4::uuid)
      and ($5::uuid is null or t.workspace_id = $5) and ($6::uuid is null or t.project_id = $6)
    returning *
  ), streamed as (
    insert into task_chunks (task_id, attempt, number, chunk)
    select r.id, r.attempt, r.chunk_count, $9::jsonb from reported r where $9::jsonb is not null
  )
  select ${taskColumns("r")} from reported r`);

/**
 * The run goes on: keeps its lease, and says how far it is. Not an event; a client should report a few times a second at
 * most. Throws `LeaseLost` when the caller no longer holds the task: stop working on it; `NotFound`, `Forbidden`, `InvalidInput`.
 */
export async function reportProgress(runtime: Runtime, caller: Caller, input: ReportProgressInput): Promise<Task> {
  authorize(caller, "agent.act");
  const { maxJsonBytes, leaseMs } = runtime.settings;
  const parsed = parseInput(schemaFor(maxJsonBytes), { ...input, chunk: input.chunk ?? null });
  const chunk = parsed.chunk === null ? null : JSON.stringify(parsed.chunk);
  const { taskId, attempt, progress = null, message = null } = parsed;
  const { kind, id } = caller.actor;
  const values = [taskId, attempt, kind, id, ...reachOf(caller), progress, message, chunk, leaseMs];
  const [reported] = await runtime.database.run(report, values);
  return reported ?? repeatedOrRefused(runtime, caller, parsed, []);
}
