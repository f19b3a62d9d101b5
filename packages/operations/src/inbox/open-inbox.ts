import type { Caller } from "@muster/domain/actor.ts";
import { Conflict } from "@muster/domain/errors.ts";
import { z } from "zod";
import { openChannel } from "../agents/open-channel.ts";
import { authorizeAgent } from "../authorize.ts";
import { parseInput } from "../input.ts";
import type { Runtime } from "../runtime.ts";
import { readAgentPlace } from "../tasks/agent-place.ts";
import type { Assignments } from "./assignments.ts";
import type { InboxMessage } from "./inbox-message.ts";

const OpenInboxInput = z.object({ agentId: z.guid(), incarnation: z.int().min(1) });
export type OpenInboxInput = z.input<typeof OpenInboxInput>;

/**
 * What an agent's process has to know and do: first all that it has not answered yet, then as it comes, each message once. All
 * of it is derived from the database, so nothing is lost with a connection. While it is open, the agent is given work. Ends
 * with `Superseded` when a newer process has connected. Throws `NotFound`, `Forbidden`, and `Conflict` for an incarnation
 * that there has never been.
 */
export async function openInbox(
  runtime: Runtime,
  assignments: Assignments,
  caller: Caller,
  input: OpenInboxInput,
): Promise<AsyncIterableIterator<InboxMessage>> {
  const { agentId, incarnation } = parseInput(OpenInboxInput, input);
  caller = authorizeAgent(caller, agentId);
  const agent = await readAgentPlace(runtime.database, caller, agentId);
  if (agent.incarnation < incarnation)
    throw new Conflict("incarnation", String(incarnation), String(agent.incarnation));
  await openChannel(runtime, caller, agentId, incarnation);
  return assignments.open({ agentId, incarnation, projectId: agent.projectId });
}
