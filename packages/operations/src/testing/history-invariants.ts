import { AGENT_ACTIONS, agentLifecycle } from "@muster/domain/agent-lifecycle.ts";
import { TASK_ACTIONS, taskLifecycle } from "@muster/domain/task-lifecycle.ts";
import { movesTable, sqlArray } from "../lifecycle-sql.ts";
import { ENDED, HELD } from "../tasks/task.ts";
import type { Invariant } from "./invariant.ts";

/** Between what histories say and what the rows are. They need the whole log: retention must not have removed any of it. */
export const HISTORY_INVARIANTS: readonly Invariant[] = [
  {
    name: "task versions are gapless",
    sentence: "The transitions of a task are numbered 1, 2, 3, …: none is missing and none is there twice.",
    broken: `select subject, format('transition %s has version %s', place, version) as detail from step where version <> place`,
  },
  {
    name: "agent versions are gapless",
    sentence: "The transitions of an agent are numbered 2, 3, …, after its registration, which is version 1.",
    broken: `select subject, format('transition %s has version %s', place, version) as detail from turn where version <> place + 1`,
  },
  {
    name: "task transitions are a chain",
    sentence: "A task's first transition comes from nowhere, and every other from where the one before it led.",
    broken: `select subject, format('version %s comes from %s after %s', version, origin, target_before) as detail
      from step where origin is distinct from target_before`,
  },
  {
    name: "agent transitions are a chain",
    sentence: "Every transition of an agent comes from where the one before it led.",
    broken: `select subject, format('version %s comes from %s after %s', version, origin, target_before) as detail
      from turn where place > 1 and origin is distinct from target_before`,
  },
  {
    name: "task transitions are allowed",
    sentence: "A task is created WAITING or QUEUED, and moves only as its lifecycle says.",
    broken: `select s.subject, format('version %s: %s from %s to %s', s.version, s.action, s.origin, s.target) as detail from step s
      where not case when s.origin is null then s.action = 'CREATE' and s.target = any(${sqlArray(taskLifecycle.initial)})
        else exists (select from ${movesTable(taskLifecycle, TASK_ACTIONS, "m")}
          where (m.action, m.origin, m.target) = (s.action, s.origin, s.target)) end`,
  },
  {
    name: "agent transitions are allowed",
    sentence: "An agent moves only as its lifecycle says.",
    broken: `select t.subject, format('version %s: %s from %s to %s', t.version, t.action, t.origin, t.target) as detail from turn t
      where not exists (select from ${movesTable(agentLifecycle, AGENT_ACTIONS, "m")}
        where (m.action, m.origin, m.target) = (t.action, t.origin, t.target))`,
  },
  {
    name: "task rows are where their history leads",
    sentence:
      "State, version, attempt and the time of the last change are the same in a task's row and in its last transition.",
    broken: `select t.id as subject, format('the row is %s, version %s, attempt %s; its history %s, version %s, attempt %s',
        t.state, t.version, t.attempt, s.target, s.version, s.attempt) as detail
      from task t left join latest_step s on s.subject = t.id
      where (t.state, t.version, t.attempt, t.state_since) is distinct from (s.target, s.version, s.attempt, s.at)`,
  },
  {
    name: "agent rows are where their history leads",
    sentence: "State and version are the same in an agent's row and in its last transition.",
    broken: `select a.id as subject, format('the row is %s, version %s; its history %s, version %s', a.state, a.version, t.target, t.version) as detail
      from agent a join (select distinct on (subject) * from turn order by subject, version desc, id desc) t on t.subject = a.id
      where (a.state, a.version) is distinct from (t.target, t.version)
      union all
      select a.id, format('version %s without a transition', a.version) from agent a
      where a.version <> 1 and not exists (select from turn t where t.subject = a.id)`,
  },
  {
    name: "no history without its row",
    sentence: "Every transition is of a task or agent that there is.",
    broken: `select subject, 'there is no such task' as detail from step where not exists (select from task t where t.id = subject)
      union all select subject, 'there is no such agent' from turn where not exists (select from agent a where a.id = subject)`,
  },
  {
    name: "each assignment raises the attempt",
    sentence:
      "The attempt, which is the fence, begins at 0, rises by one with each ASSIGN, and changes with nothing else.",
    broken: `select subject, format('version %s: %s gives attempt %s after %s', version, action, attempt, attempt_before) as detail
      from step where attempt is distinct from coalesce(attempt_before, 0) + (action = 'ASSIGN')::int`,
  },
  {
    name: "failures are counted",
    sentence: "A task's failures are its attempts that were retried or failed, and nothing else counts as one.",
    broken: `select t.id as subject, format('%s failures; its history has %s', t.failures, count(s.id)) as detail
      from task t left join step s on s.subject = t.id and s.action in ('RETRY', 'FAIL')
      group by t.id, t.failures having t.failures <> count(s.id)`,
  },
  {
    name: "a task ends once",
    sentence:
      "A task that has ended has exactly one transition to an end, and any other none; finished_at is that moment.",
    broken: `select t.id as subject, format('%s with %s ends', t.state, count(s.id)) as detail
      from task t left join step s on s.subject = t.id and s.target = any(${ENDED})
      group by t.id, t.state, t.finished_at
      having count(s.id) <> (t.state = any(${ENDED}))::int or t.finished_at is distinct from max(s.at)`,
  },
  {
    name: "time runs forward",
    sentence:
      "A later transition of the same task or agent has neither an earlier time nor an earlier place in the log.",
    broken: `select subject, format('version %s is before the version before it', version) as detail
      from told where at < at_before or id < id_before`,
  },
  {
    name: "durations add up",
    sentence: "A transition's durationMs is the time since the transition before it.",
    broken: `select subject, format('version %s says %s ms', version, duration_ms) as detail from told
      where at_before is not null
        and abs(coalesce(duration_ms, -1) - round(extract(epoch from (at - at_before)) * 1000, 3)) > 0.001`,
  },
  {
    name: "one agent per attempt",
    sentence:
      "From its assignment until it is let go of, everything that happens to an attempt concerns the agent that has it.",
    broken: `select subject, format('version %s concerns %s, the one before it %s', version, agent_id, agent_before) as detail
      from step where origin = any(${HELD}) and agent_id is distinct from agent_before
      union all
      select t.id, format('held by %s, assigned to %s', t.agent_id, s.agent_id) from task t join latest_step s on s.subject = t.id
      where t.state = any(${HELD}) and s.agent_id is distinct from t.agent_id`,
  },
];
