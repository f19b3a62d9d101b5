import type { Caller } from "@muster/domain/actor.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { EVENT_COLUMNS, type LoggedEvent } from "@muster/events/event.ts";
import { filterConditions } from "@muster/events/filter.ts";
import { idAfter, idBefore } from "@muster/events/id-at-time.ts";
import { type SQL, sql } from "drizzle-orm";
import { authorize } from "../authorize.ts";
import { withinReach } from "../caller-values.ts";
import { parseInput } from "../input.ts";
import { type Pages, PARENT, readPages } from "../page-query.ts";
import { processOf, type Runtime } from "../runtime.ts";
import { EventFilter, type EventFilterInput, visibleTo } from "./event-filter.ts";

/** Whose events: each has an index by itself and the event's id. */
export type EventScope =
  | { readonly projectIds: readonly string[] }
  | { readonly agentIds: readonly string[] }
  | { readonly taskIds: readonly string[] }
  | { readonly contextIds: readonly string[] };

function parentsOf(scope: EventScope): { readonly condition: SQL; readonly parents: readonly string[] } {
  if ("projectIds" in scope) return { condition: sql`e.project_id = ${PARENT}`, parents: scope.projectIds };
  if ("agentIds" in scope) return { condition: sql`e.agent_id = ${PARENT}`, parents: scope.agentIds };
  if ("taskIds" in scope) return { condition: sql`e.task_id = ${PARENT}`, parents: scope.taskIds };
  return { condition: sql`e.context_id = ${PARENT}`, parents: scope.contextIds };
}

/**
 * A page of events of each, oldest first: the timelines of projects, agents, tasks or contexts. `last: 50` gives the newest.
 * Throws `InvalidInput` for a filter or page that cannot be.
 */
export async function listEvents(
  runtime: Runtime,
  caller: Caller,
  { scope, filter, page }: { scope: EventScope; filter?: EventFilterInput | null; page: PageArguments },
): Promise<Pages<LoggedEvent>> {
  caller = authorize(caller, "event.read");
  const wanted = parseInput(EventFilter, filter ?? {});
  const { condition, parents } = parentsOf(scope);
  // There is no index by time: the ids around a time are found first. Of the whole log: who sees little of it would look for long.
  const log = processOf(runtime).database;
  const [above, upTo] = await Promise.all([
    wanted.after ? idBefore(log, wanted.after) : null,
    wanted.before ? idAfter(log, wanted.before) : null,
  ]);
  return readPages<LoggedEvent>(
    runtime.database,
    {
      columns: EVENT_COLUMNS,
      from: sql`events e`,
      where: [
        condition,
        withinReach(caller, "e"),
        ...filterConditions({ ...wanted, ...visibleTo(caller) }),
        ...(above === null ? [] : [sql`e.id > ${above}::bigint`]),
        ...(upTo === null ? [] : [sql`e.id <= ${upTo}::bigint`]),
      ],
      orderBy: [{ expression: sql`e.id`, type: "bigint" }],
      direction: "ASC",
    },
    parents,
    page,
  );
}

/** The events with these decimal ids that the caller may see, in any order. */
export async function getEvents(runtime: Runtime, caller: Caller, ids: readonly string[]): Promise<LoggedEvent[]> {
  caller = authorize(caller, "event.read");
  const conditions = [
    sql`e.id = any(${sql.param([...ids])}::bigint[])`,
    withinReach(caller, "e"),
    ...filterConditions(visibleTo(caller)),
  ];
  return runtime.database.query<LoggedEvent>(
    sql`select ${EVENT_COLUMNS} from events e where ${sql.join(conditions, sql` and `)}`,
  );
}
