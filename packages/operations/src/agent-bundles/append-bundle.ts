interface BundleSource {
  /** A CTE with the rows that the statement has changed, at most one for each agent. */
  readonly source: string;
  /** SQL over its row `s`: the agent whose own it is; null for nobody's. */
  readonly agent: string;
  /** The columns of `agent_bundles` that say what has changed, each with SQL over `s`. */
  readonly change: Readonly<Record<string, string>>;
  /** SQL: who did it. */
  readonly author: readonly [kind: string, id: string, name: string];
  /** SQL: the bundle that a rollback of the agent goes back to, and why. */
  readonly rolledBackTo?: string;
  readonly reason?: string;
}

/**
 * CTEs that give what a statement changes of an agent the agent's next bundle number. They lock the row of its head until the
 * transaction ends, which comes last in the order of locks (agents, contexts, heads): so numbers are in the order of commits.
 */
export function appendBundle(bundle: BundleSource): string {
  const { source, agent, change, author, rolledBackTo = "null", reason = "null" } = bundle;
  const [kind, id, name] = author;
  return `
  bundle as (
    update agent_bundle_heads h set number = h.number + 1 from ${source} s where h.agent_id = ${agent}
    returning h.agent_id, h.number
  ), bundled as (
    insert into agent_bundles (agent_id, number, ${Object.keys(change).join(", ")}, rolled_back_to, reason, author)
    select b.agent_id, b.number, ${Object.values(change).join(", ")}, ${rolledBackTo}::int, ${reason}::text,
           jsonb_build_object('kind', ${kind}::text, 'id', ${id}::uuid, 'name', ${name}::text)
    from bundle b join ${source} s on ${agent} = b.agent_id
  )`;
}
