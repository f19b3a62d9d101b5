import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { inReach } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import type { Runtime } from "../runtime.ts";
import { milliseconds } from "../tasks/task-events.ts";
import { changeQueue, queueTarget } from "./change-queue.ts";
import { type Queue, queueColumns, queueEvents } from "./queue.ts";

const ResumeQueue = z.object({ ...queueTarget, reason: text(1_000).nullish() });
export type ResumeQueueInput = z.input<typeof ResumeQueue>;

const resumeStatement = statement<Queue>(`
  with paused as (select id, paused_at from queues q where q.id = $7 and ${inReach("q")} and q.paused_at is not null),
  changed as (
    update queues q set paused_at = null, pause_reason = null, paused_by = null, version = q.version + 1
    from paused p where q.id = p.id
    returning q.*, ${milliseconds("p.paused_at", "clock_timestamp()")} as duration_ms
  ), happened as (${queueEvents("changed", "queue.resumed", "jsonb_build_object('durationMs', duration_ms)", "$8")}),
  appended as (${appendEvents("happened")})
  select ${queueColumns("changed")} from changed`);

/**
 * Hands out the queue's tasks again, at once. One that is not paused is left as it is. Throws `NotFound` without the project,
 * and `Conflict` when the version is not the expected one.
 */
export async function resumeQueue(runtime: Runtime, caller: Caller, input: ResumeQueueInput): Promise<Queue> {
  caller = authorize(caller, "queue.manage");
  const { reason, ...target } = parseInput(ResumeQueue, input);
  return changeQueue(runtime, caller, target, resumeStatement, [reason ?? null]);
}
