import type { Invariant } from "./invariant.ts";

/** About agents and the bundles that tell what they were. */
export const BUNDLE_INVARIANTS: readonly Invariant[] = [
  {
    name: "bundles are gapless",
    sentence: "Each agent has bundles 1 to n, each once, and its head says n.",
    broken: `select a.id as subject, format('head %s, %s bundles, the newest %s', h.number, b.count, b.newest) as detail
      from agent a left join agent_bundle_heads h on h.agent_id = a.id
      left join (select agent_id, count(*)::int as count, max(number) as newest from agent_bundles group by agent_id) b on b.agent_id = a.id
      where h.number is null or (b.count, b.newest) is distinct from (h.number, h.number)`,
  },
  {
    name: "an agent is what its newest bundle says",
    sentence: "The newest of an agent's bundles that is about itself has its definition version, config and limits.",
    broken: `select a.id as subject, format('bundle %s: version %s of the definition, config %s, %s tasks', b.number, b.definition_version, b.config, b.max_concurrency) as detail
      from agent a left join lateral (
        select * from agent_bundles b where b.agent_id = a.id and b.context_id is null order by b.number desc limit 1) b on true
      where (b.definition_version, b.config, b.max_concurrency) is distinct from (a.definition_version, a.config, a.max_concurrency)`,
  },
  {
    name: "each version of an own context is in a bundle",
    sentence:
      "An agent's bundles have the versions of each of its own contexts in their order, each once, and of no other context.",
    broken: `select coalesce(v.context_id, b.context_id) as subject, format('version %s, bundle %s has %s', v.number, b.number, b.context_version) as detail
      from (select v.context_id, v.number, c.agent_id from contexts c join context_versions v on v.context_id = c.id
            where c.agent_id is not null and ($1::uuid is null or c.project_id = $1)) v
      full join (
        select b.*, row_number() over (partition by b.context_id order by b.number) as place
        from agent_bundles b join agent a on a.id = b.agent_id where b.context_id is not null) b
        on b.agent_id = v.agent_id and b.context_id = v.context_id and b.context_version = v.number
      where v.number is null or b.place is distinct from v.number`,
  },
];
