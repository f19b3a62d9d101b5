import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { COUNT_CAP } from "@muster/domain/page.ts";
import { agentLifecycle, RUNNING_STATES } from "@muster/domain/agent-lifecycle.ts";
import { finalStates } from "@muster/domain/lifecycle.ts";
import { authorize, reachOf } from "../authorize.ts";
import { sqlArray } from "../lifecycle-sql.ts";
import { rateKey } from "../quotas/task-quotas.ts";
import type { Runtime } from "../runtime.ts";
import { HELD } from "../tasks/task.ts";

/** A number of rows, counted no further than lists are. */
interface Count {
  readonly count: number;
  readonly isCapped: boolean;
}

/** How much of a workspace there is, of what the caller may see. */
export interface WorkspaceUsage {
  readonly projects: Count;
  /** Those that are decommissioned as well. */
  readonly agents: Count;
  /** Those that are not: what `maxAgents` limits. */
  readonly activeAgents: Count;
  /** What `maxRunningAgents` limits. */
  readonly runningAgents: Count;
  /** Tasks that agents hold now: what `maxRunningTasks` limits. */
  readonly runningTasks: Count;
  /** What `maxContexts` limits. */
  readonly contexts: Count;
  /** Those of the whole workspace that were created in the present minute, with a `maxTasksPerMinute` that counts them; else null. */
  readonly tasksThisMinute: number | null;
  /** Of the whole workspace, with a `maxStorageBytes` for which they are counted; else null. */
  readonly storageBytes: number | null;
}

const countUpTo = (rows: string) => `(select count(*)::int from (${rows} limit ${COUNT_CAP + 1}) row)`;
const inProject = (column: string) => `($3::uuid[] is null or ${column} = any($3))`;

const agentsIn = (states: string) =>
  countUpTo(`select from agents a where a.workspace_id = w.id and ${states} and ${inProject("a.project_id")}`);

interface UsageRow {
  readonly workspaceId: string;
  readonly counts: Readonly<
    Record<"projects" | "agents" | "activeAgents" | "runningAgents" | "runningTasks" | "contexts", number>
  >;
  readonly tasksThisMinute: number | null;
  readonly storageBytes: number | null;
}

const usageById = statement<UsageRow>(`
  select w.id as "workspaceId", jsonb_build_object(
    'projects', ${countUpTo(`select from projects p where p.workspace_id = w.id and ${inProject("p.id")}`)},
    'agents', ${agentsIn("true")},
    'activeAgents', ${agentsIn(`a.state <> all(${sqlArray(finalStates(agentLifecycle))})`)},
    'runningAgents', ${agentsIn(`a.state = any(${sqlArray(RUNNING_STATES)})`)},
    'runningTasks', ${countUpTo(`select from tasks t where t.workspace_id = w.id and t.state = any(${HELD}) and ${inProject("t.project_id")}`)},
    'contexts', ${countUpTo(`select from contexts c where c.workspace_id = w.id and ${inProject("c.project_id")}`)}) as counts,
    case when w.max_tasks_per_minute is not null then coalesce(
      (select l.count from attempt_limits l where l.key = ${rateKey("w.id")} and l.ends_at > clock_timestamp()), 0) end as "tasksThisMinute",
    case when w.max_storage_bytes is not null then
      (select s.bytes::float8 from workspace_storage s where s.workspace_id = w.id) end as "storageBytes"
  from workspaces w where w.id = any($1::uuid[]) and ($2::uuid[] is null or w.id = any($2))`);

/** How much of these workspaces there is, by their ids. Each count costs no more than its cap. */
export async function readWorkspaceUsage(
  runtime: Runtime,
  caller: Caller,
  workspaceIds: readonly string[],
): Promise<ReadonlyMap<string, WorkspaceUsage>> {
  caller = authorize(caller, "workspace.read");
  caller = authorize(caller, "agent.read");
  caller = authorize(caller, "task.read");
  caller = authorize(caller, "context.read");
  const rows = await runtime.database.run(usageById, [workspaceIds, ...reachOf(caller)]);
  const capped = (count: number): Count => ({ count: Math.min(count, COUNT_CAP), isCapped: count > COUNT_CAP });
  return new Map(
    rows.map(({ workspaceId, counts, ...rest }) => [
      workspaceId,
      {
        projects: capped(counts.projects),
        agents: capped(counts.agents),
        activeAgents: capped(counts.activeAgents),
        runningAgents: capped(counts.runningAgents),
        runningTasks: capped(counts.runningTasks),
        contexts: capped(counts.contexts),
        ...rest,
      },
    ]),
  );
}
