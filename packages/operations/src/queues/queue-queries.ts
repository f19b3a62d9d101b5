import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { withinReach } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import { type Pages, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";
import { type Queue, queueColumns } from "./queue.ts";

const IN_REACH = "($2::uuid[] is null or q.workspace_id = any($2)) and ($3::uuid[] is null or q.project_id = any($3))";

const queuesById = statement<Queue>(
  `select ${queueColumns("q")} from queues q where q.id = any($1::uuid[]) and ${IN_REACH}`,
);
const queuesByName = statement<Queue>(
  `select ${queueColumns("q")} from queues q where q.project_id = any($1::uuid[]) and q.name = $4 and ${IN_REACH}`,
);

/** The queues with these ids that the caller may see, in any order. */
export async function getQueues(runtime: Runtime, caller: Caller, ids: readonly string[]): Promise<Queue[]> {
  caller = authorize(caller, "task.read");
  return runtime.database.run(queuesById, [ids, ...reachOf(caller)]);
}

/** The queue of this name of each project; null where no task or setting has made one. */
export async function findQueues(
  runtime: Runtime,
  caller: Caller,
  projectIds: readonly string[],
  name: string,
): Promise<ReadonlyMap<string, Queue | null>> {
  caller = authorize(caller, "task.read");
  const given = parseInput(z.object({ name: text(200) }), { name });
  const rows = await runtime.database.run(queuesByName, [projectIds, ...reachOf(caller), given.name]);
  const found = new Map(rows.map((queue) => [queue.projectId, queue]));
  return new Map(projectIds.map((projectId) => [projectId, found.get(projectId) ?? null]));
}

const QueueFilter = z.object({ search: text(200, 0).nullish(), paused: z.boolean().nullish() });
/** Which queues. `search`: how the name begins, in this case. null or absent means any. */
export type QueueFilter = z.input<typeof QueueFilter>;

/** A page of the queues of each project, by name. */
export async function listQueues(
  runtime: Runtime,
  caller: Caller,
  projectIds: readonly string[],
  { filter, page }: { readonly filter?: QueueFilter; readonly page: PageArguments },
): Promise<Pages<Queue>> {
  caller = authorize(caller, "task.read");
  const { search, paused } = parseInput(QueueFilter, filter ?? {});
  const where: SQL[] = [sql`q.project_id = ${PARENT}`, withinReach(caller, "q")];
  if (search) where.push(sql`starts_with(q.name, ${search})`);
  if (typeof paused === "boolean") where.push(sql`(q.paused_at is not null) = ${paused}`);
  return readPages<Queue>(
    runtime.database,
    {
      columns: sql.raw(queueColumns("q")),
      from: sql`queues q`,
      where,
      orderBy: [
        { expression: sql`q.name`, type: "text" },
        { expression: sql`q.id`, type: "uuid" },
      ],
      direction: "ASC",
    },
    projectIds,
    page,
  );
}
