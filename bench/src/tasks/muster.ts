import { openDatabase } from "@muster/database/database.ts";
import { type Caller, within } from "@muster/domain/actor.ts";
import { AGENT_PERMISSIONS } from "@muster/domain/permissions.ts";
import { connectAgent } from "@muster/operations/agents/connect-agent.ts";
import { systemCaller } from "@muster/operations/authorize.ts";
import { Assignments } from "@muster/operations/inbox/assignments.ts";
import { openInbox } from "@muster/operations/inbox/open-inbox.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { DEFAULT_SETTINGS } from "@muster/operations/settings.ts";
import { claimTasks } from "@muster/operations/tasks/claim-tasks.ts";
import { completeTask } from "@muster/operations/tasks/complete-task.ts";
import { createTasks } from "@muster/operations/tasks/create-tasks.ts";
import { startTask } from "@muster/operations/tasks/start-task.ts";
import { agentUuid, PROJECT, WORKSPACE } from "../fleet.ts";
import { say } from "../report.ts";
import { inParts, WORKERS, type Workload, type WorkloadName } from "./workload.ts";

/** As many as a server has unless told otherwise. */
const CONNECTIONS = 20;
/** The agents whose inboxes are open, and how many tasks each holds at most. */
export const BATCHED_AGENTS = 10;
export const BATCHED_CONCURRENCY = 200;
const TASK = { projectId: PROJECT, kind: "work", input: {} };

/**
 * What a server has in its process for tasks: the operations and the dispatcher, which hears of this process's commits directly. Without
 * the feed: that is for those who watch, and for work that other servers make.
 */
export async function openMuster(url: string, workload: WorkloadName): Promise<Workload> {
  const onError = (error: Error) => say(String(error.stack));
  const database = openDatabase({ url, connections: CONNECTIONS, onError });
  const runtime = { database, settings: DEFAULT_SETTINGS, committed: () => {} };
  const assignments = new Assignments(runtime, onError);
  const caller = systemCaller("bench");
  const opened = await (workload === "batched" ? openBatched : openSingle)(runtime, assignments, caller);
  return {
    run: opened,
    async close() {
      await assignments.close();
      await database.close();
    },
  };
}

type Run = Workload["run"];

/** Who the requests of an agent's process come from. */
function agentCaller(agentId: string): Caller {
  const permissions = new Set(AGENT_PERMISSIONS);
  const reach = within(WORKSPACE, PROJECT);
  return {
    actor: { kind: "AGENT", id: agentId, name: "bench", reach, permissions },
    correlationId: null,
    origin: null,
  };
}

/** Agents that start and complete what their inboxes bring, without waiting for one to take the next. */
async function openBatched(runtime: Runtime, assignments: Assignments, caller: Caller): Promise<Run> {
  let completed = 0;
  let onCompleted = (_: number) => {};
  let onFailed = (_: unknown) => {};
  const work = async (agent: Caller, taskId: string, attempt: number) => {
    await startTask(runtime, agent, { taskId, attempt });
    await completeTask(runtime, agent, { taskId, attempt });
    completed += 1;
    onCompleted(completed);
  };
  for (let number = 1; number <= BATCHED_AGENTS; number += 1) {
    const agentId = agentUuid(number);
    const { incarnation } = await connectAgent(runtime, caller, { agentId });
    const agent = agentCaller(agentId);
    const inbox = await openInbox(runtime, assignments, caller, { agentId, incarnation });
    void (async () => {
      for await (const message of inbox) {
        if (message.type === "TaskAssigned")
          work(agent, message.task.id, message.attempt).catch((error: unknown) => onFailed(error));
      }
    })();
  }
  return async (tasks) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    completed = 0;
    onCompleted = (count) => count === tasks && resolve();
    onFailed = reject;
    const begun = performance.now();
    await inParts(tasks, (count) => createTasks(runtime, caller, { tasks: Array.from({ length: count }, () => TASK) }));
    await promise;
    return performance.now() - begun;
  };
}

/** Each worker is an agent that can do one task at a time. */
async function openSingle(runtime: Runtime, assignments: Assignments, caller: Caller): Promise<Run> {
  const agents: { agentId: string; incarnation: number; agent: Caller }[] = [];
  for (let number = 1; number <= WORKERS; number += 1) {
    const agentId = agentUuid(BATCHED_AGENTS + number);
    const { incarnation } = await connectAgent(runtime, caller, { agentId });
    agents.push({ agentId, incarnation, agent: agentCaller(agentId) });
  }
  return async (tasks) => {
    await inParts(tasks, (count) => createTasks(runtime, caller, { tasks: Array.from({ length: count }, () => TASK) }));
    let left = tasks;
    const begun = performance.now();
    await Promise.all(
      agents.map(async ({ agent, ...claiming }) => {
        while (left > 0) {
          left -= 1;
          const [task] = await claimTasks(runtime, assignments, agent, { ...claiming, max: 1, waitMs: 1_000 });
          if (!task) throw new Error("There was no task left to claim.");
          const attempt = { taskId: task.id, attempt: task.attempt };
          await startTask(runtime, agent, attempt);
          await completeTask(runtime, agent, attempt);
        }
      }),
    );
    return performance.now() - begun;
  };
}
