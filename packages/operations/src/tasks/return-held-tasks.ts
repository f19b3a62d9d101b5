import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { HELD } from "./task.ts";
import { movesStatement, moveValues } from "./move-tasks.ts";

const giveBack = movesStatement({
  actions: ["RETURN", "RETRY", "FAIL", "CONFIRM"],
  // The index of held tasks begins with the tenant.
  where: `t.workspace_id = (select h.workspace_id from agents h where h.id = $13) and t.project_id = (select h.project_id from agents h where h.id = $13)
    and t.agent_id = $13 and t.state = any(${HELD})`,
  release: false,
});

const holdNothing = statement("update agents set active_tasks = 0 where id = $1 and active_tasks <> 0");

/**
 * An agent leaves: what it had not started goes back to its queue, what ran is tried again or fails by its retry policy, and
 * what was being cancelled ends. Call it in the transaction that locked and moved the agent, after that. Returns how many
 * tasks it held. Moves no agent: `active_tasks` becomes 0 without an event.
 */
export async function returnHeldTasks(
  transaction: Connection,
  caller: Caller,
  agentId: string,
  reason: string,
): Promise<number> {
  const error = { kind: "agent_left", message: reason, retryable: true };
  // Nothing begins and nothing is asked to stop here: no times are needed.
  const values = moveValues({ cancelGraceMs: 0 }, caller, { reason, error }, true);
  const returned = await transaction.run(giveBack, [...values, agentId]);
  if (returned.length > 0) await transaction.run(holdNothing, [agentId]);
  return returned.length;
}
