import type { Caller } from "@muster/domain/actor.ts";
import { formatId } from "@muster/domain/ids.ts";
import { authorize, reachOf } from "../authorize.ts";
import type { Runtime } from "../runtime.ts";
import { TASK_BLOCK_REASONS, type TaskBlocker } from "./task-blocker.ts";
import { agentBlockers, type LaneAgents, laneAgents } from "./task-blockers-agents.ts";
import { type OpenDependency, openDependencies, type WaitingTask, waitingTasks } from "./task-blockers-facts.ts";

/**
 * What keeps each of these tasks from being started, all of it, the most decisive first; for those that the caller may see. Nothing: it is
 * handed out next, once it is at the front of its lane, or it has started or ended. Three statements, however many tasks.
 */
export async function readTaskBlockers(
  runtime: Runtime,
  caller: Caller,
  taskIds: readonly string[],
): Promise<ReadonlyMap<string, TaskBlocker[]>> {
  caller = authorize(caller, "task.read");
  const { database, settings } = runtime;
  const tasks = await database.run(waitingTasks, [taskIds, ...reachOf(caller)]);
  const inState = (state: WaitingTask["state"]) => tasks.filter((task) => task.state === state);
  const [queued, waiting] = [inState("QUEUED"), inState("WAITING")];
  const lanes = [...new Set(queued.map((task) => task.laneId))];
  const [agents, dependencies] = await Promise.all([
    lanes.length === 0 ? [] : database.run(laneAgents, [lanes, settings.missedOffersLimit]),
    waiting.length === 0 ? [] : database.run(openDependencies, [waiting.map((task) => task.id)]),
  ]);
  const agentsByLane = Map.groupBy(agents, (group) => group.laneId);
  const dependenciesByTask = Map.groupBy(dependencies, (dependency) => dependency.taskId);
  const found = new Map(
    tasks.map((task) => [
      task.id,
      blockersOf(task, agentsByLane.get(task.laneId) ?? [], dependenciesByTask.get(task.id) ?? []),
    ]),
  );
  return new Map(taskIds.map((id) => [id, found.get(id) ?? []]));
}

function blockersOf(
  task: WaitingTask,
  agents: readonly LaneAgents[],
  dependencies: readonly OpenDependency[],
): TaskBlocker[] {
  const late: TaskBlocker[] = task.deadlinePassed
    ? [
        {
          reason: "DEADLINE_PASSED",
          message: "Its deadline has passed: it expires within moments. Create it again with a later one.",
        },
      ]
    : [];
  if (task.state === "ASSIGNED") return [...late, startPending(task)];
  if (task.state === "WAITING") return [...late, ...waitingFor(task, dependencies)];
  const found = [
    ...late,
    ...time(task),
    ...queue(task),
    ...agentBlockers(task, agents),
    ...workspaceLimit(task),
    ...concurrencyKey(task),
    ...rateLimit(task),
  ];
  return found.toSorted((a, b) => TASK_BLOCK_REASONS.indexOf(a.reason) - TASK_BLOCK_REASONS.indexOf(b.reason));
}

function startPending({ agentId, leaseUntil }: WaitingTask): TaskBlocker {
  const message =
    "It has been given to an agent that has not started it yet. Unless startTask comes in time, it goes back into line.";
  return { reason: "START_PENDING", message, ...(agentId && { agentId }), ...(leaseUntil && { until: leaseUntil }) };
}

const CONDITIONS = {
  ALL_SUCCEEDED: "It and all others that this one waits for have to succeed.",
  ANY_SUCCEEDED: "It or another one that this one waits for has to succeed.",
  ALL_ENDED: "It and all others that this one waits for have to end, however they do.",
};

function waitingFor({ dependencyCondition }: WaitingTask, dependencies: readonly OpenDependency[]): TaskBlocker[] {
  const reason = "WAITING_FOR_TASK";
  if (dependencies.length === 0) {
    return [{ reason, message: "What it waited for has ended: it goes on within moments." }];
  }
  const condition = CONDITIONS[dependencyCondition ?? "ALL_SUCCEEDED"];
  return dependencies.map(({ dependsOnId: taskId, state }) => ({
    reason,
    message: `It waits for ${formatId("task", taskId)}, which is ${state}. ${condition}`,
    taskId,
  }));
}

function time({ at, runAt, failures, parkedFor, parkedUntil }: WaitingTask): TaskBlocker[] {
  if (parkedFor !== "TIME" && runAt <= at) return [];
  const until = parkedFor === "TIME" && parkedUntil !== null ? parkedUntil : runAt;
  if (failures > 0) {
    const message = `Attempt ${failures} failed; it is tried again at ${until.toISOString()}.`;
    return [{ reason: "RETRY_BACKOFF", message, until }];
  }
  return [{ reason: "DELAYED_UNTIL", message: `It is to run at ${until.toISOString()} or later.`, until }];
}

function queue(task: WaitingTask): TaskBlocker[] {
  const { queue: name, queueId, pausedAt, pauseReason, pausedBy, queueLimit: limit, queueRunning: running } = task;
  if (queueId === null) return [];
  const found: TaskBlocker[] = [];
  if (pausedAt !== null) {
    const message = `The queue ${JSON.stringify(name)} was paused by ${pausedBy?.name ?? "someone"} at ${pausedAt.toISOString()} (${JSON.stringify(pauseReason)}). Continue with resumeQueue.`;
    found.push({ reason: "QUEUE_PAUSED", message, queueId });
  }
  if (limit !== null && running >= limit) {
    const message = `Agents hold ${running} tasks of the queue ${JSON.stringify(name)}, and at most ${limit} are allowed. Wait, or raise maxRunning with updateQueue.`;
    found.push({ reason: "QUEUE_LIMIT", message, queueId, limit, running });
  }
  return found;
}

function workspaceLimit({ workspaceLimit: limit, workspaceRunning: running }: WaitingTask): TaskBlocker[] {
  if (limit === null || running < limit) return [];
  const message = `Agents hold ${running} tasks of the workspace, and at most ${limit} are allowed. Wait, or raise maxRunningTasks with updateWorkspace.`;
  return [{ reason: "WORKSPACE_LIMIT", message, limit, running }];
}

function concurrencyKey(task: WaitingTask): TaskBlocker[] {
  const { concurrencyKey: key, concurrencyLimit: limit, keyRunning: running, keyHolderId: taskId, parkedFor } = task;
  const reason = "CONCURRENCY_KEY";
  if (key === null) return [];
  if (running >= limit && taskId !== null) {
    const others = running > 1 ? ` and ${running - 1} more` : "";
    const message = `The concurrency key ${JSON.stringify(key)} lets ${limit} be held at once, and is held by ${formatId("task", taskId)}${others}. Wait, or cancel one.`;
    return [
      {
        reason,
        message,
        taskId,
        key,
        limit,
        running,
      },
    ];
  }
  if (parkedFor !== "CONCURRENCY_KEY") return [];
  return [
    {
      reason,
      message: "A place of its concurrency key has become free: it goes back into line within moments.",
      key,
      limit,
      running,
    },
  ];
}

function rateLimit({
  parkedFor,
  parkedUntil,
  rateLimitKey: key,
  rateLimit: limit,
  nextTokenAt,
}: WaitingTask): TaskBlocker[] {
  const until = parkedFor === "RATE_LIMIT" ? parkedUntil : nextTokenAt;
  if (key === null || until === null) return [];
  const message = `The rate limit ${JSON.stringify(key)} lets no more tasks be handed out before ${until.toISOString()}. Wait, or raise it with setRateLimit.`;
  return [{ reason: "RATE_LIMIT", message, key, until, ...(limit === null ? {} : { limit }) }];
}
