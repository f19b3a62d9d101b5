import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { parseInput } from "../input.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { callerValues, inReach } from "../caller-values.ts";
import type { Agent } from "./agent.ts";
import { agentEvents } from "./agent-event.ts";
import { lockAgent } from "./lock-agent.ts";
import { newAgentKey } from "./new-agent-key.ts";

const RotateAgentKey = z.object({ agentId: z.uuid() });
export type RotateAgentKeyInput = z.input<typeof RotateAgentKey>;

const rotateStatement = statement<{ id: string }>(`
  with owner as (select a.* from agents a where a.id = $7 and ${inReach("a")}),
  revoked as (
    update api_keys k set revoked_at = greatest(clock_timestamp(), k.created_at)
    from owner where k.agent_id = owner.id and k.revoked_at is null returning k.id
  ),
  created as (
    insert into api_keys (id, kind, name, hash, workspace_id, project_id, agent_id)
    select $8, 'agent', name, $9, workspace_id, project_id, id from owner
  ),
  happened as (${agentEvents("owner", {
    type: "agent.key_rotated",
    payload: `jsonb_build_object('revoked', (select count(*) from revoked),
      'keyIds', (select coalesce(jsonb_agg(id order by id), '[]') from revoked))`,
  })}),
  appended as (${appendEvents("happened")})
  select id from owner`);

/** Gives an agent a new credential, shown this once, and revokes those it had. Throws `NotFound`. */
export async function rotateAgentKey(
  runtime: Runtime,
  caller: Caller,
  input: RotateAgentKeyInput,
): Promise<{ readonly agent: Agent; readonly key: string }> {
  caller = authorize(caller, "agent.register");
  const { agentId } = parseInput(RotateAgentKey, input);
  const credential = newAgentKey();
  const agent = await writeAll(runtime, async (transaction) => {
    // First the lock, then a statement that sees the keys of whoever had it: of two at once, one key remains.
    const locked = await lockAgent(transaction, caller, agentId);
    await transaction.run(rotateStatement, [...callerValues(caller), agentId, credential.id, credential.hash]);
    return locked;
  });
  return { agent, key: credential.key };
}
