import type { Client } from "@muster/client/client.ts";
import { delay } from "@muster/client/retry.ts";
import type { AgentDefinition, Tools } from "./agent-definition.ts";
import { FAIL_AGENT } from "./documents.ts";
import { messageOf } from "./failure.ts";
import { mutate } from "./mutate.ts";

type HookName = "onInitialize" | "onActivate" | "onDeactivate" | "onShutdown";

/** Runs a hook without which the agent cannot work: when it throws, the agent is marked ERROR. @throws what it throws */
export async function runVitalHook(
  client: Client,
  definition: AgentDefinition,
  name: HookName,
  tools: Tools,
): Promise<void> {
  try {
    await definition[name]?.(tools);
  } catch (error) {
    if (tools.signal.aborted) throw error;
    tools.log.error(`${name} failed`, { error });
    const input = { agentId: tools.agent.id, error: `${name} failed: ${messageOf(error)}` };
    await mutate(client, FAIL_AGENT, input, { timeoutMs: 5_000 }).catch((reason: unknown) => {
      tools.log.warn("the failure could not be reported", { reason: messageOf(reason) });
    });
    throw error;
  }
}

/** Runs a hook on the way out: its failure, or that it takes longer than `limitMs`, is only logged. */
export async function runFinalHook(
  definition: AgentDefinition,
  name: HookName,
  tools: Tools,
  limitMs: number,
): Promise<void> {
  const hook = definition[name];
  if (!hook) return;
  const late = new AbortController();
  const tooLate = delay(limitMs, late.signal).then(
    () => tools.log.warn(`${name} took longer than ${limitMs} ms; going on without it`),
    () => {},
  );
  const running = (async () => hook(tools))().catch((error: unknown) => tools.log.error(`${name} failed`, { error }));
  await Promise.race([running, tooLate]);
  late.abort();
}
