import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { inReach } from "../caller-values.ts";
import { changedColumns } from "../changes.ts";
import { parseInput } from "../input.ts";
import type { Runtime } from "../runtime.ts";
import { changeQueue, queueTarget } from "./change-queue.ts";
import { type Queue, queueColumns, queueEvents } from "./queue.ts";

const UpdateQueue = z.object({
  ...queueTarget,
  /** null: any number; left out: as it is. */
  maxRunning: z.int().min(1).max(1_000_000).nullish(),
});
export type UpdateQueueInput = z.input<typeof UpdateQueue>;

const PAYLOAD = `jsonb_build_object('changed', array['maxRunning'], 'maxRunning', max_running) ||
  (select ${changedColumns("old", "changed", { maxRunning: "max_running" })} from queues old where old.id = changed.id)`;
const updateStatement = statement<Queue>(`
  with changed as (
    update queues q set max_running = $8::int, version = q.version + 1
    where q.id = $7 and ${inReach("q")} and $9::boolean and q.max_running is distinct from $8::int
    returning q.*
  ), happened as (${queueEvents("changed", "queue.updated", PAYLOAD, "null")}),
  appended as (${appendEvents("happened")})
  select ${queueColumns("changed")} from changed`);

/**
 * Sets how many of the queue's tasks agents may hold at once; null lifts the limit. Tasks that they hold already are left to
 * them when there are more. Throws `NotFound` without the project, and `Conflict` when the version is not the expected one.
 */
export async function updateQueue(runtime: Runtime, caller: Caller, input: UpdateQueueInput): Promise<Queue> {
  caller = authorize(caller, "queue.manage");
  const { maxRunning, ...target } = parseInput(UpdateQueue, input);
  return changeQueue(runtime, caller, target, updateStatement, [maxRunning ?? null, maxRunning !== undefined]);
}
