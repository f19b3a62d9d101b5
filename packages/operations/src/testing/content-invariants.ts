import type { Invariant } from "./invariant.ts";

/** The versions of the contexts that are looked at. */
const VERSION = `(select v.*, c.pruned_through, c.current_version from contexts c join context_versions v on v.context_id = c.id
  where $1::uuid is null or c.project_id = $1)`;
const CONTENT = `(select k.* from contexts c join context_contents k on k.context_id = c.id where $1::uuid is null or c.project_id = $1)`;

/** What is stored of the data of contexts: all that has to be there, and nothing else. */
export const CONTENT_INVARIANTS: readonly Invariant[] = [
  {
    name: "versions have their data",
    sentence: "Every version has data unless retention removed it.",
    broken: `select v.context_id as subject, format('version %s has no data', v.number) as detail from ${VERSION} v
      where v.pruned_at is null
        and not exists (select from context_contents k where k.context_id = v.context_id and k.data_hash = v.data_hash)`,
  },
  {
    name: "no data without a version",
    sentence: "All data that is stored is that of a version from which retention has not removed it.",
    broken: `select k.context_id as subject, format('data %s of no version', k.data_hash) as detail from ${CONTENT} k
      where not exists (select from context_versions v
        where v.context_id = k.context_id and v.data_hash = k.data_hash and v.pruned_at is null)`,
  },
  {
    name: "chains of patches lead to a snapshot",
    sentence: "What data is a patch of is nearer to its snapshot, and at most 100 patches are between them.",
    broken: `select k.context_id as subject, format('data %s has depth %s, its base %s', k.data_hash, k.depth, b.depth) as detail
      from ${CONTENT} k left join context_contents b on b.context_id = k.context_id and b.data_hash = k.base_hash
      where k.depth > 100 or (k.base_hash is not null and (b.depth < k.depth and b.chain_bytes <= k.chain_bytes) is not true)`,
  },
  {
    name: "retention keeps what it has to",
    sentence: "A version without data is not the newest, neither pinned nor what a rollback went back to.",
    broken: `select v.context_id as subject, format('version %s has no data', v.number) as detail from ${VERSION} v
      where v.pruned_at is not null and (v.number = v.current_version
        or exists (select from context_pins p where p.context_id = v.context_id and p.number = v.number)
        or exists (select from context_versions r where r.context_id = v.context_id and r.rolled_back_to = v.number))`,
  },
  {
    name: "retention forgets nothing",
    sentence: "A version that retention has judged has data only when it is pinned, or a rollback went back to it.",
    broken: `select v.context_id as subject, format('version %s has data', v.number) as detail from ${VERSION} v
      where v.pruned_at is null and v.number <= v.pruned_through
        and not exists (select from context_pins p where p.context_id = v.context_id and p.number = v.number)
        and not exists (select from context_versions r where r.context_id = v.context_id and r.rolled_back_to = v.number)`,
  },
];
