import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { authorizeAgent, reachOf } from "../authorize.ts";
import type { Runtime } from "../runtime.ts";

const openStatement = statement<{ id: string }>(`
  update agents a set missed_offers = 0
  where a.id = $1 and a.incarnation = $2 and a.missed_offers > 0
    and ($3::uuid[] is null or a.workspace_id = any($3)) and ($4::uuid[] is null or a.project_id = any($4))
  returning a.id`);

/**
 * The agent's process listens to its inbox: its assignment channel counts as working again, so that its next heartbeat
 * brings it back when it was lost for missed offers. Older incarnations change nothing.
 */
export async function openChannel(
  runtime: Runtime,
  caller: Caller,
  agentId: string,
  incarnation: number,
): Promise<void> {
  caller = authorizeAgent(caller, agentId);
  await runtime.database.run(openStatement, [agentId, incarnation, ...reachOf(caller)]);
}
