import type { Caller } from "@muster/domain/actor.ts";
import { z } from "zod";
import { authorizeAgent } from "../authorize.ts";
import { parseInput, text } from "../input.ts";
import type { Runtime } from "../runtime.ts";
import type { Agent } from "./agent.ts";
import { moveAgent } from "./move-agent.ts";

const FailAgent = z.object({ agentId: z.uuid(), error: text(10_000) });
export type FailAgentInput = z.input<typeof FailAgent>;

/** An agent says that it cannot go on: it is in ERROR, the error is recorded, and its tasks go back. Throws as `moveAgent` does. */
export async function failAgent(runtime: Runtime, caller: Caller, input: FailAgentInput): Promise<Agent> {
  caller = authorizeAgent(caller, input.agentId);
  const { agentId, error } = parseInput(FailAgent, input);
  return moveAgent(runtime, caller, { agentId, action: "FAIL", trigger: "agent", reason: error, error });
}
