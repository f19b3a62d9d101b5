import type { Connection } from "@muster/database/database.ts";
import { type Statement, statement } from "@muster/database/statement.ts";
import { AGENT_STATES, agentLifecycle, RUNNING_STATES } from "@muster/domain/agent-lifecycle.ts";
import { LimitExceeded } from "@muster/domain/errors.ts";
import { finalStates } from "@muster/domain/lifecycle.ts";
import { sqlArray } from "../lifecycle-sql.ts";

const ACTIVE_STATES = AGENT_STATES.filter((state) => !finalStates(agentLifecycle).includes(state));

/** What a workspace may have only so many of: its setting's name, and what is counted for it, in the whole workspace. */
const COUNTED = {
  maxAgents: {
    column: "max_agents",
    count: `muster_count_agents($1, ${sqlArray(ACTIVE_STATES)})`,
    what: "agents. Decommission some that are not needed",
  },
  maxRunningAgents: {
    column: "max_running_agents",
    count: `muster_count_agents($1, ${sqlArray(RUNNING_STATES)})`,
    what: "running agents. Stop or suspend some",
  },
  maxContexts: {
    column: "max_contexts",
    count: "muster_count_contexts($1)",
    what: "contexts. Use one that is there",
  },
} as const;
export type CountedQuota = keyof typeof COUNTED;

interface QuotaStatements {
  readonly lock: Statement<{ max: number }>;
  readonly count: Statement<{ count: number }>;
}

const STATEMENTS = Object.fromEntries(
  Object.entries(COUNTED).map(([name, { column, count }]): [string, QuotaStatements] => [
    name,
    {
      lock: statement(`
        select w.${column} as max from workspaces w where w.id = $1 and w.${column} is not null for no key update`),
      count: statement(`select ${count} as count`),
    },
  ]),
) as Readonly<Record<CountedQuota, QuotaStatements>>;

/**
 * A condition: the workspace that the expression names has no such quota, so that no lock is needed. A subquery with a value, which is
 * always looked up by the key: of `not exists` the planner may read all workspaces.
 */
export function hasNoQuota(quota: CountedQuota, workspaceId: string): string {
  return `(select limited.${COUNTED[quota].column} from workspaces limited where limited.id = ${workspaceId}) is null`;
}

/**
 * Makes sure that the workspace may have one more, until the transaction ends: where it has this quota, its row is locked before
 * they are counted, so that of any number that come at once no more get through than there is room for. Throws `LimitExceeded`. A
 * workspace without the quota is not locked. Workspaces are locked before agents, tasks and contexts.
 */
export async function requireRoom(transaction: Connection, quota: CountedQuota, workspaceId: string): Promise<void> {
  const [limited] = await transaction.run(STATEMENTS[quota].lock, [workspaceId]);
  if (limited) await refuseBeyond(transaction, quota, workspaceId, limited.max);
}

/** The second half of `requireRoom`, for who has locked the workspace already. */
export async function refuseBeyond(
  transaction: Connection,
  quota: CountedQuota,
  workspaceId: string,
  max: number,
  retryAfterMs: number | null = null,
): Promise<void> {
  const [present] = await transaction.run(STATEMENTS[quota].count, [workspaceId]);
  if (!present || present.count < max) return;
  const message = `The workspace may have ${max} ${COUNTED[quota].what}, or ask an administrator to raise ${quota} (updateWorkspace).`;
  throw new LimitExceeded(`workspace.${quota}`, message, retryAfterMs);
}
