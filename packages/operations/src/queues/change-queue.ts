import type { Connection } from "@muster/database/database.ts";
import { type Statement, statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict, NotFound } from "@muster/domain/errors.ts";
import { z } from "zod";
import { reachOf } from "../authorize.ts";
import { callerValues } from "../caller-values.ts";
import { text } from "../input.ts";
import { newId } from "../new-id.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { type Queue, queueColumns } from "./queue.ts";

/** Which queue to change: `expectedVersion` refuses the change unless it is the queue's. */
export const queueTarget = {
  projectId: z.guid(),
  queue: text(200),
  expectedVersion: z.int().nullish(),
};

interface QueueTarget {
  readonly projectId: string;
  readonly queue: string;
  readonly expectedVersion?: number | null | undefined;
}

// The update changes nothing: it gives and locks the row that is there, as `do nothing` would not.
const lockStatement = statement<Queue>(`
  insert into queues as q (id, workspace_id, project_id, name)
  select $5, p.workspace_id, p.id, $2 from projects p
  where p.id = $1 and ($3::uuid[] is null or p.workspace_id = any($3)) and ($4::uuid[] is null or p.id = any($4))
  on conflict (project_id, name) do update set name = excluded.name
  returning ${queueColumns("q")}`);

/** The queue as it is, locked until the transaction ends, and made where the project has had no task in it yet. */
async function lockQueue(
  transaction: Connection,
  caller: Caller,
  { projectId, queue: name, expectedVersion }: QueueTarget,
): Promise<Queue> {
  const [queue] = await transaction.run(lockStatement, [projectId, name, ...reachOf(caller), newId()]);
  if (!queue) throw new NotFound("project");
  if (typeof expectedVersion === "number" && expectedVersion !== queue.version) {
    throw new Conflict("queue version", String(expectedVersion), String(queue.version));
  }
  return queue;
}

/**
 * Runs a statement over a locked queue: $1 to $6 `callerValues`, $7 its id, and `values`. It gives the queue after the change,
 * or nothing where there is nothing to change. Throws `NotFound` without the project, `Conflict`.
 */
export function changeQueue(
  runtime: Runtime,
  caller: Caller,
  target: QueueTarget,
  change: Statement<Queue>,
  values: readonly unknown[],
): Promise<Queue> {
  return writeAll(runtime, async (transaction) => {
    const queue = await lockQueue(transaction, caller, target);
    const [changed] = await transaction.run(change, [...callerValues(caller), queue.id, ...values]);
    return changed ?? queue;
  });
}
