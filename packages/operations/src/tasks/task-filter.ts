import { withinReach } from "../caller-values.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { parseId } from "@muster/domain/ids.ts";
import { TASK_STATES, type TaskState } from "@muster/domain/task-lifecycle.ts";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { parseInput, text } from "../input.ts";

export const TaskFilterSchema = z.object({
  ids: z.array(z.guid()).max(1_000).nullish(),
  states: z.array(z.enum(TASK_STATES)).nullish(),
  agent: z.guid().nullish(),
  kinds: z.array(text(200)).max(100).nullish(),
  queue: text(200).nullish(),
  workflow: z.guid().nullish(),
  schedule: z.guid().nullish(),
  concurrencyKey: text(255).nullish(),
  rateLimitKey: text(255).nullish(),
  errorKinds: z.array(text(100)).max(100).nullish(),
  search: text(200, 0).nullish(),
  createdAfter: z.date().nullish(),
  createdBefore: z.date().nullish(),
  finishedAfter: z.date().nullish(),
  finishedBefore: z.date().nullish(),
  runBefore: z.date().nullish(),
  replayed: z.boolean().nullish(),
});

/**
 * Which tasks. `agent`: those it holds or held last, and those meant for it that nobody has held. `errorKinds`: those whose
 * last attempt failed with one of these. `search`: a task's id, or how its kind begins. `runBefore`: those that could have run before
 * that, for what is late together with states. `replayed`: whether it has been run again. An empty list matches nothing; null or
 * absent means any.
 */
export type TaskFilter = z.input<typeof TaskFilterSchema>;
export type ParsedTaskFilter = z.output<typeof TaskFilterSchema>;

/** Checks a filter. Throws `InvalidInput`. */
export function parseTaskFilter(input: TaskFilter = {}): ParsedTaskFilter {
  return parseInput(TaskFilterSchema, input);
}

/**
 * The tasks `t` of a scope, itself conditions of which exactly one holds, that match, as a `ListQuery` wants them. States and
 * agents are branches: their indexes give each in the order of creation. Throws `InvalidInput`.
 */
export function filteredTasks(
  caller: Caller,
  scope: readonly SQL[],
  input: TaskFilter = {},
): { readonly from: SQL; readonly where: SQL[]; readonly branches: SQL[] } {
  const filter = parseTaskFilter(input);
  const branches = crossed(scope, byAgent(filter.agent), byState(filter.states));
  return { from: sql`tasks t`, where: matching(caller, filter), branches };
}

/** What has to hold of the tasks `t` in reach, besides their states and agents, which are branches. */
export function matching(caller: Caller, filter: ParsedTaskFilter): SQL[] {
  const where = [withinReach(caller, "t")];
  if (filter.ids) where.push(sql`t.id = any(${sql.param(filter.ids)}::uuid[])`);
  if (filter.kinds) where.push(sql`t.kind = any(${sql.param(filter.kinds)}::text[])`);
  if (filter.queue) where.push(sql`t.queue = ${filter.queue}`);
  if (filter.workflow) where.push(sql`t.workflow_id = ${filter.workflow}`);
  if (filter.schedule) where.push(sql`t.schedule_id = ${filter.schedule}`);
  if (filter.concurrencyKey) where.push(sql`t.concurrency_key = ${filter.concurrencyKey}`);
  if (filter.rateLimitKey) where.push(sql`t.rate_limit_key = ${filter.rateLimitKey}`);
  if (filter.errorKinds) where.push(sql`t.error ->> 'kind' = any(${sql.param(filter.errorKinds)}::text[])`);
  if (filter.createdAfter) where.push(sql`t.created_at > ${moment(filter.createdAfter)}`);
  if (filter.createdBefore) where.push(sql`t.created_at < ${moment(filter.createdBefore)}`);
  if (filter.finishedAfter) where.push(sql`t.finished_at > ${moment(filter.finishedAfter)}`);
  if (filter.finishedBefore) where.push(sql`t.finished_at < ${moment(filter.finishedBefore)}`);
  if (filter.runBefore) where.push(sql`t.run_at < ${moment(filter.runBefore)}`);
  if (typeof filter.replayed === "boolean") {
    const replays = sql`exists (select from tasks r where r.replay_of = t.id)`;
    where.push(filter.replayed ? replays : sql`not ${replays}`);
  }
  if (filter.search) where.push(searched(filter.search.trim()));
  if (filter.states?.length === 0) where.push(sql`false`);
  return where;
}

function moment(at: Date): SQL {
  return sql`${at.toISOString()}::timestamptz`;
}

function searched(search: string): SQL {
  const id = parseId("task", search) ?? z.guid().safeParse(search).data;
  if (id) return sql`t.id = ${id}`;
  return sql`starts_with(t.kind, ${search})`;
}

/** The tasks of an agent: those it holds or held last, and those meant for it that nobody has held. */
export function tasksOfAgent(agentId: SQL): SQL[] {
  return [sql`t.agent_id = ${agentId}`, sql`(t.target_agent_id = ${agentId} and t.agent_id is null)`];
}

export function byAgent(agentId: string | null | undefined): SQL[] {
  return agentId ? tasksOfAgent(sql`${agentId}::uuid`) : [sql`true`];
}

/** A condition for each of the states; one for all without any. */
export function byState(states: readonly TaskState[] | null | undefined): SQL[] {
  return states && states.length > 0 ? [...new Set(states)].map((state) => sql`t.state = ${state}`) : [sql`true`];
}

/** Every condition of the scope together with every one of each choice. */
export function crossed(scope: readonly SQL[], ...choices: readonly (readonly SQL[])[]): SQL[] {
  return choices.reduce<SQL[]>(
    (found, choice) => found.flatMap((one) => choice.map((other) => sql`(${one} and ${other})`)),
    [...scope],
  );
}
