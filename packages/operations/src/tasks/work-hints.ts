import type { AgentAction } from "@muster/domain/agent-lifecycle.ts";
import { HELD_STATES } from "@muster/domain/task-lifecycle.ts";
import type { LoggedEvent } from "@muster/events/event.ts";
import { Topics } from "@muster/events/topics.ts";
import { type LocalHint, moveKey, type WorkHint, type WorkListener } from "./local-work.ts";

/** What a hint needs of an event. */
export type HintEvent = Pick<
  LoggedEvent,
  "type" | "projectId" | "agentId" | "subjectId" | "subjectVersion" | "payload"
>;

/** Moves of about a second, under load. */
const MOST_HEARD = 10_000;

/** Events that change what may be handed out, whatever they say. */
const LIMITS = ["queue.", "rate_limit."];

/**
 * Tells those who wait for work, in this process, that it is worth asking the database again. Made from the events that the
 * feed reads, and from what this process has committed itself; a hint that is lost costs the time until the next poll.
 */
export class WorkHints {
  readonly #work = new Topics<string | null, WorkListener>();
  readonly #agents = new Topics<null, (hint: AgentHint) => void>();
  /** What this process has said of moves whose events are still to come; of those that never do, the newest are kept. */
  #heard = new Map<string, boolean>();
  #heardBefore = new Map<string, boolean>();

  /** To be called with the events of all projects as they come. Of what this process has told already it says nothing. */
  readonly observe = (events: readonly HintEvent[]): void => {
    const projects = new Map<string, { readonly agentIds: Set<string>; ready: boolean }>();
    for (const event of events) {
      const { type, projectId, agentId } = event;
      if (projectId === null) {
        if (type.startsWith("workspace.")) this.changed(hintOf(null, new Set(), true));
        continue;
      }
      if (makesWork(event) && !this.#hasHeard(event)) {
        const hint = projects.get(projectId) ?? { agentIds: new Set(), ready: false };
        if (agentId !== null) hint.agentIds.add(agentId);
        hint.ready ||= makesReady(event);
        projects.set(projectId, hint);
      }
      if (concernsInbox(event)) this.#toAgents({ projectId, agentId, offered: offeredBy(event) });
    }
    for (const [projectId, { agentIds, ready }] of projects) this.changed(hintOf(projectId, agentIds, ready));
  };

  /** The same from this process itself, as soon as it is committed. */
  readonly hear = (hint: LocalHint): void => {
    for (const [key, ready] of hint.moves) this.#heard.set(key, ready);
    if (this.#heard.size >= MOST_HEARD) [this.#heardBefore, this.#heard] = [this.#heard, new Map()];
    this.changed(hint);
  };

  /** There may be work or room. */
  readonly changed: WorkListener = (hint) => {
    const ofProject = hint.projectId === null ? [] : this.#work.of(hint.projectId);
    for (const listener of [...ofProject, ...this.#work.of(null)]) listener(hint);
  };

  /** Calls `listener` when there may be work or room in a project, or, with null, in any, until the returned function is called. */
  onWork(projectId: string | null, listener: WorkListener): () => void {
    this.#work.add(projectId, listener);
    return () => this.#work.delete(projectId, listener);
  }

  /** Calls `listener` when there may be something to tell an agent; without `agentId`, any agent of the project. */
  onAgent(listener: (hint: AgentHint) => void): () => void {
    this.#agents.add(null, listener);
    return () => this.#agents.delete(null, listener);
  }

  /** Resolves at the next hint of work in the project, after `ms`, or when `signal` aborts. */
  waitForWork(projectId: string, ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = () => resolve();
    if (signal.aborted) return Promise.resolve();
    const timer = setTimeout(end, ms);
    const stop = this.onWork(projectId, end);
    signal.addEventListener("abort", end, { once: true });
    return promise.finally(() => {
      clearTimeout(timer);
      stop();
      signal.removeEventListener("abort", end);
    });
  }

  /** Whether all that an event says of work has been said; one that has woken others says more than the move itself. */
  #hasHeard(event: HintEvent): boolean {
    const key = moveKey(event.subjectId, event.subjectVersion);
    const said = this.#heard.get(key) ?? this.#heardBefore.get(key);
    this.#heard.delete(key);
    return said !== undefined && (said || !makesReady(event));
  }

  #toAgents(hint: AgentHint): void {
    for (const listener of this.#agents.of(null)) listener(hint);
  }
}

export interface AgentHint {
  readonly projectId: string;
  readonly agentId: string | null;
  /** What it is about, where that is an offer: `offerKey` of the task and the attempt. */
  readonly offered?: string | null;
}

/** Names one offer of a task. */
export function offerKey(taskId: string, attempt: number): string {
  return `${taskId} ${attempt}`;
}

function offeredBy({ type, subjectId, payload }: HintEvent): string | null {
  const { action, attempt } = payload as { action?: string; attempt?: number };
  return type === "task.transitioned" && action === "ASSIGN" ? offerKey(subjectId, attempt ?? 0) : null;
}

function hintOf(projectId: string | null, agentIds: ReadonlySet<string>, ready: boolean): WorkHint {
  return { projectId, agentIds, ready, fresh: [], released: new Map() };
}

const isHeld = (state: string | null) => HELD_STATES.some((held) => held === state);

/** An agent's moves that follow from its tasks' moves, whose events say it already. */
const OF_ITS_TASKS: readonly unknown[] = ["ASSIGN", "RELEASE"] satisfies AgentAction[];

function isOfItsTasks({ type, payload }: HintEvent): boolean {
  return type === "agent.transitioned" && OF_ITS_TASKS.includes((payload as { action?: unknown }).action);
}

/** A task is queued, or one is let go of: its agent has room again, and its concurrency key is free. */
function makesWork(event: HintEvent): boolean {
  const { type, payload } = event;
  if (isOfItsTasks(event)) return false;
  if (type.startsWith("agent.") || LIMITS.some((limit) => type.startsWith(limit))) return true;
  if (type !== "task.transitioned") return false;
  const { from, to } = payload as { from: string | null; to: string };
  return to === "QUEUED" || (isHeld(from) && !isHeld(to));
}

/** Of what makes work or room: a task may have become ready, this one or one that waited for its end. */
function makesReady({ type, payload }: HintEvent): boolean {
  if (type !== "task.transitioned") return !type.startsWith("agent.");
  const { to, followUp } = payload as { to: string; followUp?: boolean };
  return to === "QUEUED" || followUp === true;
}

/** Of a task's moves only those that its agent does not make itself. */
function concernsInbox(event: HintEvent): boolean {
  const { type, agentId, payload } = event;
  if (type.startsWith("context.")) return true;
  if (type !== "task.transitioned") return agentId !== null && !isOfItsTasks(event);
  const { action, to } = payload as { action: string; to: string };
  return agentId !== null && (action === "ASSIGN" || (action === "CANCEL" && isHeld(to)));
}
