import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { inReach } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import type { Runtime } from "../runtime.ts";
import { changeQueue, queueTarget } from "./change-queue.ts";
import { type Queue, queueColumns, queueEvents } from "./queue.ts";

const PauseQueue = z.object({ ...queueTarget, reason: text(1_000) });
export type PauseQueueInput = z.input<typeof PauseQueue>;

const pauseStatement = statement<Queue>(`
  with changed as (
    update queues q
    set paused_at = clock_timestamp(), pause_reason = $8, version = q.version + 1,
        paused_by = jsonb_build_object('kind', $1::text, 'id', $2::uuid, 'name', $3::text)
    where q.id = $7 and ${inReach("q")} and q.paused_at is null
    returning q.*
  ), happened as (${queueEvents("changed", "queue.paused", "'{}'::jsonb", "$8")}),
  appended as (${appendEvents("happened")})
  select ${queueColumns("changed")} from changed`);

/**
 * Hands out none of the queue's tasks until it is resumed. What agents hold already goes on, and tasks can still be added. A queue that
 * is paused stays so, with its reason. Throws `NotFound` without the project, and `Conflict` when the version is not the
 * expected one.
 */
export async function pauseQueue(runtime: Runtime, caller: Caller, input: PauseQueueInput): Promise<Queue> {
  caller = authorize(caller, "queue.manage");
  const { reason, ...target } = parseInput(PauseQueue, input);
  return changeQueue(runtime, caller, target, pauseStatement, [reason]);
}
