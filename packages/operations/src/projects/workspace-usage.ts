import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { COUNT_CAP } from "@muster/domain/page.ts";
import { authorize, reachOf } from "../authorize.ts";
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
  /** Tasks that agents hold now: what `maxRunningTasks` limits. */
  readonly runningTasks: Count;
}

const countUpTo = (rows: string) => `(select count(*)::int from (${rows} limit ${COUNT_CAP + 1}) row)`;
const inProject = (column: string) => `($3::uuid[] is null or ${column} = any($3))`;

const usageById = statement<{ workspaceId: string; projects: number; agents: number; runningTasks: number }>(`
  select w.id as "workspaceId",
    ${countUpTo(`select from projects p where p.workspace_id = w.id and ${inProject("p.id")}`)} as projects,
    ${countUpTo(`select from agents a where a.workspace_id = w.id and ${inProject("a.project_id")}`)} as agents,
    ${countUpTo(`select from tasks t where t.workspace_id = w.id and t.state = any(${HELD}) and ${inProject("t.project_id")}`)} as "runningTasks"
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
  const rows = await runtime.database.run(usageById, [workspaceIds, ...reachOf(caller)]);
  const capped = (count: number): Count => ({ count: Math.min(count, COUNT_CAP), isCapped: count > COUNT_CAP });
  return new Map(
    rows.map(({ workspaceId, projects, agents, runningTasks }) => [
      workspaceId,
      { projects: capped(projects), agents: capped(agents), runningTasks: capped(runningTasks) },
    ]),
  );
}
