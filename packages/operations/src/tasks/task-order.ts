import { HELD_STATES, TASK_STATES, type TaskState, taskLifecycle } from "@muster/domain/task-lifecycle.ts";
import { finalStates } from "@muster/domain/lifecycle.ts";
import { type SQL, sql } from "drizzle-orm";
import { sqlArray } from "../lifecycle-sql.ts";
import type { Branch, ListQuery } from "../page-query.ts";
import { byAgent, byState, crossed, type ParsedTaskFilter } from "./task-filter.ts";

export const TASK_ORDER_FIELDS = ["CREATED_AT", "RUN_AT", "PRIORITY", "FINISHED_AT"] as const;
type TaskOrderField = (typeof TASK_ORDER_FIELDS)[number];
export interface TaskOrder {
  readonly field: TaskOrderField;
  readonly direction: "ASC" | "DESC";
}

const ID = { expression: sql`t.id`, type: "uuid" } as const;

/** What each order sorts by. Tasks that have not ended count as finished last. */
const ORDER_KEYS = {
  CREATED_AT: [{ expression: sql`t.created_at`, type: "timestamptz" }, ID],
  RUN_AT: [{ expression: sql`t.run_at`, type: "timestamptz" }, ID],
  PRIORITY: [{ expression: sql`t.priority`, type: "integer" }, ID],
  FINISHED_AT: [{ expression: sql`coalesce(t.finished_at, 'infinity')`, type: "timestamptz" }, ID],
} as const satisfies Record<TaskOrderField, ListQuery["orderBy"]>;

const ENDED: readonly TaskState[] = finalStates(taskLifecycle);
const TO_COME: readonly TaskState[] = ["WAITING", "QUEUED"];

/**
 * How tasks are listed in an order, and the branches that indexes give in it: by creation all of them; by `RUN_AT` and
 * `PRIORITY` those that have not been handed out (what agents hold is little, what has ended is read whole: a screen asks for
 * states), by `FINISHED_AT` those that have ended. `hasIndex`: an index gives the scope's tasks by creation, whatever their states.
 */
export function taskOrder(
  { field, direction }: TaskOrder,
  { conditions, hasIndex }: { readonly conditions: readonly SQL[]; readonly hasIndex: boolean },
  filter: ParsedTaskFilter,
): Pick<ListQuery, "orderBy" | "direction" | "branches"> {
  const owned = crossed(conditions, byAgent(filter.agent));
  const narrow = Boolean(hasIndex || filter.ids || filter.agent || filter.workflow || filter.schedule);
  const branches = branchesOf(field, filter.states, narrow).flatMap((branch): (SQL | Branch)[] =>
    "keys" in branch ? crossed(owned, [branch.where]).map((where) => ({ ...branch, where })) : crossed(owned, [branch]),
  );
  return { orderBy: ORDER_KEYS[field], direction, branches };
}

/** `narrow`: what is asked for is little, or has an index of its own. */
function branchesOf(
  field: TaskOrderField,
  asked: readonly TaskState[] | null | undefined,
  narrow: boolean,
): readonly (SQL | Branch)[] {
  const states = asked?.length ? asked : narrow ? null : TASK_STATES;
  if (field === "CREATED_AT" || !states) return byState(states);
  const among = (some: readonly TaskState[]) => some.filter((state) => states.includes(state));
  const isOneOf = (some: readonly TaskState[]) => sql.raw(`t.state = any(${sqlArray(some)})`);
  const others = TASK_STATES.filter((state) => !ENDED.includes(state));
  if (field === "FINISHED_AT") {
    return [
      ...given(among(ENDED), (some) => ({
        where: sql`(t.finished_at is not null and ${isOneOf(some)})`,
        keys: [sql`t.finished_at`, sql`t.id`],
      })),
      ...given(among(others), (some) => ({
        where: isOneOf(some),
        keys: [sql`'infinity'::timestamptz`, sql`t.id`],
      })),
    ];
  }
  const groups: readonly (readonly TaskState[])[] = [TO_COME, HELD_STATES, ...ENDED.map((state) => [state])];
  return groups.flatMap((some) => given(among(some), isOneOf));
}

function given<Value>(states: readonly TaskState[], make: (states: readonly TaskState[]) => Value): Value[] {
  return states.length > 0 ? [make(states)] : [];
}
