import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { arrayOf } from "../array-of.ts";
import { reachOf } from "../authorize.ts";
import { oncePerProcess } from "../once-per.ts";
import type { Runtime } from "../runtime.ts";
import { WrittenTogether } from "../written-together.ts";
import { type Task, taskColumns } from "./task.ts";

/** Inputs and outputs are a megabyte each at most. */
const MOST_TOGETHER = 100;

const tasksInReach = statement<Task & { asked: number }>(`
  select i.asked::int as asked, ${taskColumns("t")}
  from unnest($1::uuid[], $2::text[], $3::text[]) with ordinality as i(task_id, workspace_ids, project_ids, asked)
  join tasks t on t.id = i.task_id and (i.workspace_ids is null or t.workspace_id = any(i.workspace_ids::uuid[]))
              and (i.project_ids is null or t.project_id = any(i.project_ids::uuid[]))`);

interface Asked {
  readonly taskId: string;
  /** How far the caller reaches, as texts of arrays. */
  readonly reach: readonly (string | null)[];
}

type Reader = WrittenTogether<Asked, Task | null>;

/**
 * A task, read in one statement with all that are asked for while another one runs: a thousand who waited for their tasks ask at
 * once. Null when there is none in the caller's reach. For operations: asks for no permission.
 */
export function readTogether(runtime: Runtime, caller: Caller, taskId: string): Promise<Task | null> {
  return readerOf(runtime).add({ taskId, reach: reachOf(caller).map((ids) => ids && arrayOf(ids)) });
}

const readerOf = oncePerProcess(createReader);

function createReader(runtime: Runtime): Reader {
  return new WrittenTogether({
    parallel: 2,
    most: MOST_TOGETHER,
    async write(asked) {
      // Many may wait for one task, whose output may be large.
      const places = new Map<string, number>();
      const distinct = asked.filter((one) => {
        if (places.has(keyOf(one))) return false;
        places.set(keyOf(one), places.size + 1);
        return true;
      });
      const columns = [({ taskId }: Asked) => taskId, ({ reach }: Asked) => reach[0], ({ reach }: Asked) => reach[1]];
      const rows = await runtime.database.run(
        tasksInReach,
        columns.map((column) => distinct.map(column)),
      );
      const byPlace = new Map(rows.map(({ asked: place, ...task }): [number, Task] => [place, task]));
      return asked.map((one) => byPlace.get(places.get(keyOf(one)) ?? 0) ?? null);
    },
  });
}

function keyOf({ taskId, reach }: Asked): string {
  return [taskId, ...reach].join(" ");
}
