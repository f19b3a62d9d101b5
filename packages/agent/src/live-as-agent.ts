import type { Client } from "@muster/client/client.ts";
import { createActivity } from "./activity.ts";
import type { AgentDefinition, Tools } from "./agent-definition.ts";
import { createContextChanges } from "./context-changes.ts";
import { createContexts } from "./contexts.ts";
import type { AgentFields } from "./documents.ts";
import { endTasks } from "./end-tasks.ts";
import type { AgentEnvironment } from "./environment.ts";
import { createEvents } from "./events.ts";
import { messageOf } from "./failure.ts";
import { keepHeartbeat } from "./heartbeat.ts";
import { runFinalHook, runVitalHook } from "./hooks.ts";
import { readInbox } from "./inbox.ts";
import { createInboxHandlers } from "./inbox-handlers.ts";
import type { Log } from "./log.ts";
import { connectAgent, identityOf, loadAgent } from "./start-up.ts";
import type { Stopper } from "./stopper.ts";
import { createTaskRunner } from "./task-runner.ts";

/** In these states the server hands out work; an agent that was suspended before it connected waits for its return. */
const WORKING_STATES: readonly string[] = ["ONLINE", "IDLE", "BUSY"];

export interface Life {
  readonly definition: AgentDefinition;
  readonly environment: AgentEnvironment;
  readonly client: Client;
  readonly stopper: Stopper;
  readonly log: Log;
}

/** The whole life of an agent's process, from onInitialize to onShutdown. Resolves after an orderly stop. */
export async function liveAsAgent(life: Life): Promise<void> {
  const { definition, environment, client, stopper, log } = life;
  const { signal } = stopper;
  const ended = new AbortController();
  try {
    const loaded = await loadAgent(client, environment.agentId, log, signal);
    const tools = createTools(life, loaded, ended.signal);
    await runVitalHook(client, definition, "onInitialize", tools);
    try {
      const { agent, incarnation } = await connectAgent(client, definition, environment.agentId, signal);
      log.info("connected", { incarnation, url: environment.url });
      await work(life, createTools(life, agent, ended.signal), agent, incarnation, ended.signal);
    } finally {
      await runFinalHook(definition, "onShutdown", tools, environment.drainMs);
    }
  } catch (error) {
    // What was given up because of the stop has not failed.
    if (error !== signal.reason) throw error;
  } finally {
    ended.abort();
  }
}

function createTools({ client, stopper, log }: Life, fields: AgentFields, ended: AbortSignal): Tools {
  const agent = identityOf(fields);
  return {
    agent,
    signal: stopper.signal,
    contexts: createContexts(client, agent, ended),
    events: createEvents(client, agent, ended),
    log,
  };
}

/** Works as this incarnation until a stop is requested and the tasks have ended. */
async function work(
  { definition, environment, client, stopper, log }: Life,
  tools: Tools,
  { state, maxConcurrency }: AgentFields,
  incarnation: number,
  ended: AbortSignal,
): Promise<void> {
  const { agentId, heartbeatMs, drainMs } = environment;
  const concurrency = definition.concurrency ?? Number.POSITIVE_INFINITY;
  const hook = definition.onContextChanged;
  const takeContextChange = createContextChanges(client, hook, tools, () => runner.hold(), ended);
  const runner = createTaskRunner({
    client,
    handlers: definition.tasks,
    concurrency,
    takeContextChange: hook ? takeContextChange : null,
    tools: (task, signal, discarded, over) => ({
      ...tools,
      signal,
      contexts: createContexts(client, tools.agent, discarded),
      events: createEvents(client, tools.agent, over),
      log: log.with({ taskId: task.id, kind: task.kind, attempt: task.attempt }),
    }),
  });
  const activity = createActivity(runner, {
    activate: () => runVitalHook(client, definition, "onActivate", tools),
    deactivate: () => runFinalHook(definition, "onDeactivate", tools, drainMs),
  });
  void keepHeartbeat({
    client,
    agentId,
    incarnation,
    intervalMs: heartbeatMs,
    capacity: Math.min(concurrency, maxConcurrency),
    runner,
    stopper,
    log,
    signal: ended,
  });
  if (WORKING_STATES.includes(state)) await activity.enter();
  const inbox = new AbortController();
  const handlers = createInboxHandlers(runner, activity, stopper, (change) => void takeContextChange(change), log);
  readInbox(client, agentId, incarnation, handlers, inbox.signal).catch((error: unknown) => {
    stopper.request({
      urgency: "discard",
      cause: "superseded",
      why: `The inbox was refused: ${messageOf(error)}`,
      error,
    });
  });
  await stopper.after(null);
  log.info("stopping", { why: stopper.current?.why, running: runner.running().length });
  inbox.abort();
  await endTasks(runner, stopper, drainMs);
  await activity.leave();
}
