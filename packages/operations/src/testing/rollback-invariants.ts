import type { Invariant } from "./invariant.ts";

/** About the last rollback of each context, and what its agents have answered. */
export const ROLLBACK_INVARIANTS: readonly Invariant[] = [
  {
    name: "a rollback is what its version says",
    sentence:
      "A context's rollback is that of its newest version that repeats an older one, all of its columns are set or none is.",
    broken: `select c.id as subject, format('%s to version %s by version %s; the newest is version %s', c.rollback_state, c.rollback_pointer, c.rollback_version, v.number) as detail
      from contexts c left join lateral (
        select number, rolled_back_to from context_versions v where v.context_id = c.id and v.rolled_back_to is not null order by number desc limit 1) v on true
      where ($1::uuid is null or c.project_id = $1) and ((c.rollback_version, c.rollback_pointer) is distinct from (v.number, v.rolled_back_to)
        or (c.rollback_state is null) <> (v.number is null) or (c.rollback_since is null) <> (v.number is null))`,
  },
  {
    name: "a rollback is where its history leads",
    sentence:
      "The last of the events that begin, retry and settle a context's rollback agrees with its state: it is PENDING after a beginning or a retry.",
    broken: `select c.id as subject, format('%s after %s', c.rollback_state, e.type) as detail
      from contexts c left join lateral (
        select e.type, e.payload ->> 'state' as state from events e
        where e.context_id = c.id and (e.type in ('context.rollback_retried', 'context.rollback_settled')
          or (e.type = 'context.version_written' and e.payload ->> 'rolledBackTo' is not null))
        order by e.id desc limit 1) e on true
      where ($1::uuid is null or c.project_id = $1)
        and c.rollback_state is distinct from case when e.type is not null then coalesce(e.state, 'PENDING') end`,
  },
  {
    name: "a rollback waits for someone",
    sentence:
      "While a rollback is PENDING, at least one answer is outstanding and none says that an agent could not load it.",
    broken: `select c.id as subject, format('%s outstanding, %s failed', r.pending, r.failed) as detail
      from contexts c cross join lateral (
        select count(*) filter (where r.state = 'PENDING') as pending, count(*) filter (where r.state = 'FAILED') as failed
        from rollback_confirmations r where r.context_id = c.id and r.version = c.rollback_version) r
      where ($1::uuid is null or c.project_id = $1) and c.rollback_state = 'PENDING' and (r.pending = 0 or r.failed > 0)`,
  },
  {
    name: "no rollback succeeds without its agents",
    sentence:
      "Every agent that was asked has loaded what a rollback went back to when it has SUCCEEDED, unless a person has forced it.",
    broken: `select c.id as subject, format('an agent is %s', r.state) as detail
      from contexts c join rollback_confirmations r on r.context_id = c.id and r.version = c.rollback_version and r.state <> 'SUCCEEDED'
      where ($1::uuid is null or c.project_id = $1) and c.rollback_state = 'SUCCEEDED' and not exists (
        select from events e where e.context_id = c.id and e.type = 'context.rollback_settled'
          and (e.payload ->> 'version')::int = c.rollback_version and e.payload -> 'forced' = 'true')`,
  },
  {
    name: "agents answer rollbacks only",
    sentence: "Agents are asked to confirm versions that a rollback appended, and no others.",
    broken: `select r.context_id as subject, format('version %s is none of a rollback', r.version) as detail
      from rollback_confirmations r join contexts c on c.id = r.context_id
      left join context_versions v on v.context_id = r.context_id and v.number = r.version
      where ($1::uuid is null or c.project_id = $1) and v.rolled_back_to is null`,
  },
  {
    name: "what was rolled back to is not held",
    sentence: "No version is held whose data is what the last rollback went back to.",
    broken: `select c.id as subject, format('version %s is held', v.number) as detail
      from contexts c join context_versions now on now.context_id = c.id and now.number = c.rollback_version
      join context_versions v on v.context_id = c.id and v.held_since is not null and v.data_hash = now.data_hash
      where ($1::uuid is null or c.project_id = $1)`,
  },
];
