import { ENDED, HELD } from "../tasks/task.ts";
import type { Invariant } from "./invariant.ts";

/** Time enough for the loops of a server that lives: they look every second. */
const SOON = "interval '5 seconds'";

/**
 * What holds once the loops of some server have had a few quiet seconds: nobody who waits is forgotten. Between a change and
 * what follows from it these may be broken for a moment.
 */
export const SETTLED_INVARIANTS: readonly Invariant[] = [
  {
    name: "nobody waits for a free place",
    sentence:
      "While a task is parked for its concurrency key, the places of the key are taken, or as many of its own lane stand ready for those that are free.",
    broken: `select t.id as subject, format('parked for %s of %s, held %s, ready %s', t.concurrency_key, t.concurrency_limit, h.held, h.ready) as detail
      from task t cross join lateral (
        select count(*) filter (where h.state = any(${HELD})) as held,
          count(*) filter (where h.state = 'QUEUED' and h.parked_for is null and h.lane_id = t.lane_id) as ready
        from tasks h where h.project_id = t.project_id and h.concurrency_key = t.concurrency_key) h
      where t.parked_for = 'CONCURRENCY_KEY' and h.held + h.ready < t.concurrency_limit`,
  },
  {
    name: "nobody stays parked past the time",
    sentence: "A task whose time has come stands in its lane.",
    broken: `select t.id as subject, format('parked for %s until %s', t.parked_for, t.parked_until) as detail from task t
      where t.parked_for is not null and t.parked_until < clock_timestamp() - ${SOON}`,
  },
  {
    name: "follow-ups are seen to",
    sentence: "What follows from a task that was let go of has happened.",
    broken: `select f.task_id as subject, format('written at %s', f.at) as detail from task_follow_ups f join task t on t.id = f.task_id
      where f.at < clock_timestamp() - ${SOON}`,
  },
  {
    name: "nobody waits for what has ended",
    sentence: "A task that waits for others waits for at least one that has not ended.",
    broken: `select t.id as subject, 'all that it depends on has ended' as detail from task t
      where t.state = 'WAITING' and exists (select from task_dependencies d where d.task_id = t.id)
        and not exists (select from task_dependencies d join tasks o on o.id = d.depends_on_id
          where d.task_id = t.id and o.state <> all(${ENDED}))`,
  },
  {
    name: "workflows end with their tasks",
    sentence: "A workflow has ended exactly when all of its tasks have.",
    broken: `select w.id as subject, format('%s with %s open tasks', w.state, open.count) as detail from workflows w
      cross join lateral (select count(*)::int as count from tasks t where t.workflow_id = w.id and t.state <> all(${ENDED})) open
      where ($1::uuid is null or w.project_id = $1) and (w.state = 'RUNNING') <> (open.count > 0)`,
  },
];
