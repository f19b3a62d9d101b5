import type { Invariant } from "./invariant.ts";

const CONTEXT = `(select * from contexts c where $1::uuid is null or c.project_id = $1)`;
const VERSION = `(select v.* from contexts c join context_versions v on v.context_id = c.id
  where $1::uuid is null or c.project_id = $1)`;
const WRITTEN = `(select * from events e where e.type = 'context.version_written' and ($1::uuid is null or e.project_id = $1))`;

/** About the histories of contexts: versions and the log. */
export const VERSION_INVARIANTS: readonly Invariant[] = [
  {
    name: "context versions are gapless",
    sentence: "A context's versions are numbered from 1 to its current_version, and each names the one before it.",
    broken: `select c.id as subject, format('current_version is %s, the newest of %s versions %s', c.current_version, v.count, v.newest) as detail
      from ${CONTEXT} c cross join lateral (
        select count(*)::int as count, coalesce(max(number), 0) as newest from context_versions v where v.context_id = c.id) v
      where (c.current_version, c.current_version) is distinct from (v.count, v.newest)
      union all
      select v.context_id, format('version %s names %s as the one before it', v.number, v.parent) from ${VERSION} v
      where v.number < 1 or v.parent is distinct from nullif(v.number - 1, 0)`,
  },
  {
    name: "context versions come in time",
    sentence: "A version is not older than the one before it, nor than its context.",
    broken: `select v.context_id as subject, format('version %s is of %s', v.number, v.created_at) as detail from ${VERSION} v
      join contexts c on c.id = v.context_id
      left join context_versions p on p.context_id = v.context_id and p.number = v.number - 1
      where v.created_at < greatest(c.created_at, p.created_at)`,
  },
  {
    name: "each context version is in the log",
    sentence: "Each version has exactly one event, which has its hashes.",
    broken: `select coalesce(v.context_id, e.context_id) as subject, format('version %s has the hash %s, its event %s', coalesce(v.number, e.subject_version), v.hash, e.payload ->> 'hash') as detail
      from ${VERSION} v full join ${WRITTEN} e on e.context_id = v.context_id and e.subject_version = v.number
      where (v.hash, v.data_hash, v.rolled_back_to) is distinct from (e.payload ->> 'hash', e.payload ->> 'dataHash', (e.payload ->> 'rolledBackTo')::int)
      union all
      select e.context_id, format('version %s has %s events', e.subject_version, count(*)) from ${WRITTEN} e
      group by e.context_id, e.subject_version having count(*) > 1`,
  },
  {
    name: "merges pass over no rollback",
    sentence:
      "A merged version's writer had read an older one than the one before it, and none from before the last rollback.",
    broken: `select v.context_id as subject, format('version %s was merged from %s', v.number, v.merged_from) as detail from ${VERSION} v
      where v.merged_from is not null and (v.merged_from < 0 or v.merged_from >= v.number - 1 or v.rolled_back_to is not null
        or exists (select from context_versions r
          where r.context_id = v.context_id and r.rolled_back_to is not null and r.number > v.merged_from and r.number < v.number))`,
  },
  {
    name: "retention does not run ahead",
    sentence: "Retention has judged no version that is not there yet, nor the newest.",
    broken: `select c.id as subject, format('judged to %s of %s', c.pruned_through, c.current_version) as detail from ${CONTEXT} c
      where c.pruned_through > greatest(c.current_version - 1, 0)`,
  },
];
