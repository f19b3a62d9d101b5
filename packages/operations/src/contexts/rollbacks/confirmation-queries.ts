import { rowColumns } from "@muster/database/row-columns.ts";
import { statement } from "@muster/database/statement.ts";
import { rollbackConfirmations } from "@muster/database/tables/rollback-confirmations.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { authorize } from "../../authorize.ts";
import type { Runtime } from "../../runtime.ts";
import { contextScopeOf, inContextScope } from "../context-scope.ts";

export type RollbackConfirmation = typeof rollbackConfirmations.$inferSelect;

const lastConfirmations = statement<RollbackConfirmation>(`
  select ${rowColumns(rollbackConfirmations, "r")}
  from contexts c join rollback_confirmations r on r.context_id = c.id and r.version = c.rollback_version
  where c.id = any($1::uuid[]) and ${inContextScope("c", 2)}
  order by r.context_id, r.agent_id`);

/** The agents' answers to the last rollback of each of the contexts that the caller may see. Agents that left are not in it. */
export async function getLastConfirmations(
  runtime: Runtime,
  caller: Caller,
  contextIds: readonly string[],
): Promise<RollbackConfirmation[]> {
  caller = authorize(caller, "context.read");
  return runtime.database.run(lastConfirmations, [contextIds, ...contextScopeOf(caller)]);
}
