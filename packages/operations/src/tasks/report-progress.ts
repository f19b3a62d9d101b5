import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { LimitExceeded } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import { movesOf } from "@muster/domain/lifecycle.ts";
import { taskLifecycle } from "@muster/domain/task-lifecycle.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { CALLER_ROW, callerRow, inReachOf } from "../caller-rows.ts";
import { json, parseInput, text } from "../input.ts";
import { sqlArray } from "../lifecycle-sql.ts";
import { oncePerProcess } from "../once-per.ts";
import type { Runtime } from "../runtime.ts";
import { inPlaces, WrittenTogether } from "../written-together.ts";
import { Attempt, repeatedOrRefused } from "./attempt.ts";
import { progressReported } from "./local-progress.ts";
import { type MovedTask, movedTaskColumns } from "./task.ts";
import { MAX_CHUNK_BYTES, MAX_CHUNKS } from "./task-chunk.ts";
import { readTask } from "./task-queries.ts";

export interface ReportProgressInput {
  readonly taskId: string;
  readonly attempt: number;
  /** How much is done, from 0 to 1. */
  readonly progress?: number | null | undefined;
  readonly message?: string | null | undefined;
  /** A piece of partial output, kept in order: at most 64 KiB of JSON each, and 10,000 a task. */
  readonly chunk?: Json | null | undefined;
  /** Rises with each chunk of the attempt, from 1: what has been reported before is not kept twice. Without it, each is kept. */
  readonly chunkSequence?: number | null | undefined;
}

const ReportProgress = Attempt.extend({
  progress: z.number().min(0).max(1).nullish(),
  message: text(2_000, 0).nullish(),
  chunk: json(MAX_CHUNK_BYTES),
  chunkSequence: z.int().min(1).nullish(),
});

interface Report {
  readonly caller: Caller;
  readonly parsed: z.output<typeof ReportProgress>;
}

const STATES_AT_WORK = movesOf(taskLifecycle, "COMPLETE").from;
/** States in which an attempt is at work: those that it can complete from. */
const AT_WORK = sqlArray(STATES_AT_WORK);

// $1 the reports as JSON, each about another task, $2 lease in ms. The lease is moved only when half of it is used: then most
// reports touch no index.
const report = statement<MovedTask & { place: number }>(`
  with asked as materialized (
    select * from jsonb_to_recordset($1::jsonb) as k(place int, task_id uuid, attempt int, progress float8, message text, chunk jsonb,
      "chunkSequence" int, ${CALLER_ROW})
  ),
  locked as materialized (
    select k.*, k.chunk is not null and coalesce((t.chunk_attempt, t.chunk_sequence) < (k.attempt, k."chunkSequence"), true) as streams
    from asked k join tasks t on t.id = k.task_id
    where t.attempt = k.attempt and t.state = any(${AT_WORK}) and (k.actor_kind <> 'AGENT' or t.agent_id = k.actor_id)
      and (k.chunk is null or t.chunk_count < ${MAX_CHUNKS}) and ${inReachOf("k", "t")}
    order by t.id for no key update of t
  ),
  reported as (
    update tasks t
    set progress = coalesce(l.progress, t.progress),
        progress_message = coalesce(l.message, t.progress_message),
        chunk_count = t.chunk_count + l.streams::int,
        chunk_attempt = case when l.streams and l."chunkSequence" is not null then t.attempt else t.chunk_attempt end,
        chunk_sequence = case when l.streams then coalesce(l."chunkSequence", t.chunk_sequence) else t.chunk_sequence end,
        lease_until = case when t.lease_until < clock_timestamp() + interval '1 millisecond' * $2::int / 2
                           then clock_timestamp() + interval '1 millisecond' * $2::int else t.lease_until end
    from locked l where t.id = l.task_id
    returning t.*, l.place, l.chunk, l.streams
  ), streamed as (
    insert into task_chunks (task_id, attempt, number, chunk)
    select r.id, r.attempt, r.chunk_count, r.chunk from reported r where r.streams
  )
  select r.place, ${movedTaskColumns("r")} from reported r`);

const MOST_TOGETHER = 500;

type Writer = WrittenTogether<Report, MovedTask | null>;

/**
 * The run goes on: keeps its lease, and says how far it is. Not an event; a client should report a few times a second at
 * most. Throws `LeaseLost` when the caller no longer holds the task: stop working on it; `LimitExceeded` for a chunk too many;
 * `NotFound`, `Forbidden`, `InvalidInput`.
 */
export async function reportProgress(runtime: Runtime, caller: Caller, input: ReportProgressInput): Promise<MovedTask> {
  caller = authorize(caller, "agent.act");
  const parsed = parseInput(ReportProgress, { ...input, chunk: input.chunk ?? null });
  const reported = await writerOf(runtime).add({ caller, parsed });
  return reported ?? refused(runtime, caller, parsed);
}

const writerOf = oncePerProcess(createWriter);

function createWriter(runtime: Runtime): Writer {
  return new WrittenTogether({
    // What is said of one task comes in its order.
    parallel: 1,
    most: MOST_TOGETHER,
    bytesOf: ({ parsed }) => (parsed.chunk === null ? 0 : JSON.stringify(parsed.chunk).length),
    keyOf: ({ parsed }) => parsed.taskId,
    async write(reports) {
      const asked = reports.map(({ caller, parsed: { taskId: task_id, ...said } }, place) => ({
        place,
        task_id,
        ...said,
        ...callerRow(caller),
      }));
      const rows = await runtime.database.run(report, [JSON.stringify(asked), runtime.settings.leaseMs]);
      for (const { id } of rows) progressReported(runtime, id);
      return inPlaces(reports, rows);
    },
  });
}

/** Says why: the run is over or another's, or has streamed all that it may. */
async function refused(runtime: Runtime, caller: Caller, parsed: Report["parsed"]): Promise<MovedTask> {
  const task = await readTask(runtime.database, caller, parsed.taskId);
  const { kind, id } = caller.actor;
  const isOwn = kind !== "AGENT" || task?.agentId === id;
  const isAtWork = task?.attempt === parsed.attempt && STATES_AT_WORK.some((state) => state === task.state);
  if (isOwn && isAtWork && parsed.chunk !== null && task.chunkCount >= MAX_CHUNKS) {
    throw new LimitExceeded(
      "task.chunks",
      `A task can stream ${MAX_CHUNKS} chunks. Put more into each, up to ${MAX_CHUNK_BYTES} bytes, or the rest into the output.`,
    );
  }
  return repeatedOrRefused(runtime, caller, parsed, []);
}
