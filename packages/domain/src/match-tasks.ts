/** An agent that may be given tasks. */
export interface FreeAgent {
  readonly id: string;
  readonly projectId: string;
  readonly capabilities: readonly string[];
  readonly labels: Readonly<Record<string, unknown>>;
  /** How many tasks it holds, how many it can hold, and how many more it is to get at most. */
  readonly active: number;
  readonly capacity: number;
  readonly wants: number;
}

/** A task that is ready, and what an agent needs to take it. */
export interface ReadyTask {
  readonly id: string;
  readonly laneId: number;
  readonly workspaceId: string;
  readonly projectId: string;
  readonly queue: string;
  readonly capability: string | null;
  readonly targetAgentId: string | null;
  readonly requiredLabels: Readonly<Record<string, unknown>>;
  readonly priority: number;
  /** Since when it could have run, in milliseconds. */
  readonly readySince: number;
  readonly concurrencyKey: string | null;
  readonly concurrencyLimit: number;
  readonly rateLimitKey: string | null;
}

/** What is left of the limits; what is not named has none. Keys are made by `limitKey`. */
export interface Room {
  /** How many more tasks of the queue may be held. */
  readonly queues: ReadonlyMap<string, number>;
  /** How many more tasks of the workspace. */
  readonly workspaces: ReadonlyMap<string, number>;
  /** How many more tasks the rate limit lets start now. */
  readonly rateLimits: ReadonlyMap<string, number>;
  /** The slots of a concurrency key that are taken. */
  readonly slots: ReadonlyMap<string, readonly number[]>;
  /** How many tasks a project holds: where its workspace has a limit, the one that holds least goes first. */
  readonly held: ReadonlyMap<string, number>;
}

export interface Match {
  readonly task: ReadyTask;
  readonly agent: FreeAgent;
  /** Of its concurrency key; null without one. */
  readonly slot: number | null;
}

export interface Matches {
  /** In the order in which they were chosen. */
  readonly matches: readonly Match[];
  /** Their key has no free slot, or their rate limit no token: they can stand aside. */
  readonly keyIsBusy: readonly ReadyTask[];
  readonly rateIsUsedUp: readonly ReadyTask[];
}

/** The key of something named in a project. */
export function limitKey(projectId: string, name: string): string {
  return `${projectId} ${name}`;
}

/**
 * Decides who gets what. Within a project the highest priority first, then the oldest; each to the least loaded of the agents that can
 * take it. Projects take turns, so that one with a million tasks does not hold up one with ten. No limit is exceeded. `most`: how
 * many matches at most. Pure: what it decides on is checked again when it is written.
 */
export function matchTasks(
  agents: readonly FreeAgent[],
  tasks: readonly ReadyTask[],
  room: Room,
  most: number,
): Matches {
  const matches: Match[] = [];
  const keyIsBusy: ReadyTask[] = [];
  const rateIsUsedUp: ReadyTask[] = [];
  const takers = new Takers(agents);
  const left = new Left(room);
  const turns = [...Map.groupBy(tasks, (task) => task.projectId).values()].map((own) => ({
    queue: own.toSorted(byRank),
    next: 0,
    served: left.servedBefore(own[0]),
  }));
  while (matches.length < most) {
    const turn = turns
      .filter(({ queue, next }) => next < queue.length)
      .reduce<(typeof turns)[number] | null>((least, one) => (least && least.served <= one.served ? least : one), null);
    const task = turn?.queue[turn.next];
    if (!turn || !task) break;
    turn.next += 1;
    if (!left.hasRoom(task)) continue;
    const slot = left.freeSlot(task);
    if (slot === undefined) {
      keyIsBusy.push(task);
      continue;
    }
    if (!left.hasToken(task)) {
      rateIsUsedUp.push(task);
      continue;
    }
    const agent = takers.leastLoaded(task);
    if (!agent) continue;
    left.take(task, slot);
    turn.served += 1;
    matches.push({ task, agent, slot });
  }
  return { matches, keyIsBusy, rateIsUsedUp };
}

function byRank(a: ReadyTask, b: ReadyTask): number {
  return b.priority - a.priority || a.readySince - b.readySince || (a.id < b.id ? -1 : 1);
}

/** What is left of the limits while tasks are being matched. */
class Left {
  readonly #room: Room;
  readonly #queues: Map<string, number>;
  readonly #workspaces: Map<string, number>;
  readonly #rateLimits: Map<string, number>;
  readonly #slots: Map<string, Set<number>>;

  constructor(room: Room) {
    this.#room = room;
    this.#queues = new Map(room.queues);
    this.#workspaces = new Map(room.workspaces);
    this.#rateLimits = new Map(room.rateLimits);
    this.#slots = new Map([...room.slots].map(([key, taken]) => [key, new Set(taken)]));
  }

  servedBefore(task: ReadyTask | undefined): number {
    return task && this.#workspaces.has(task.workspaceId) ? (this.#room.held.get(task.projectId) ?? 0) : 0;
  }

  hasRoom({ projectId, queue, workspaceId }: ReadyTask): boolean {
    const inQueue = this.#queues.get(limitKey(projectId, queue)) ?? Infinity;
    return inQueue > 0 && (this.#workspaces.get(workspaceId) ?? Infinity) > 0;
  }

  hasToken({ projectId, rateLimitKey }: ReadyTask): boolean {
    return rateLimitKey === null || (this.#rateLimits.get(limitKey(projectId, rateLimitKey)) ?? 0) >= 1;
  }

  /** The lowest free slot of the task's key; null without a key, undefined when all are taken. */
  freeSlot({ projectId, concurrencyKey, concurrencyLimit }: ReadyTask): number | null | undefined {
    if (concurrencyKey === null) return null;
    const taken = this.#slots.get(limitKey(projectId, concurrencyKey));
    for (let slot = 1; slot <= concurrencyLimit; slot += 1) if (!taken?.has(slot)) return slot;
    return undefined;
  }

  take({ projectId, queue, workspaceId, concurrencyKey, rateLimitKey }: ReadyTask, slot: number | null): void {
    lower(this.#queues, limitKey(projectId, queue));
    lower(this.#workspaces, workspaceId);
    if (rateLimitKey !== null) lower(this.#rateLimits, limitKey(projectId, rateLimitKey));
    if (concurrencyKey === null || slot === null) return;
    const key = limitKey(projectId, concurrencyKey);
    this.#slots.set(key, (this.#slots.get(key) ?? new Set()).add(slot));
  }
}

function lower(counts: Map<string, number>, key: string): void {
  const count = counts.get(key);
  if (count !== undefined) counts.set(key, count - 1);
}

interface Taker {
  readonly agent: FreeAgent;
  active: number;
  wants: number;
}

/** The agents that can still take something; those of a lane are looked up once. */
class Takers {
  readonly #byProject: Map<string, Taker[]>;
  readonly #byLane = new Map<number, Taker[]>();

  constructor(agents: readonly FreeAgent[]) {
    const takers = agents.map((agent) => ({ agent, active: agent.active, wants: agent.wants }));
    this.#byProject = Map.groupBy(takers, ({ agent }) => agent.projectId);
  }

  leastLoaded(task: ReadyTask): FreeAgent | null {
    const fitting = (this.#byLane.get(task.laneId) ?? this.#fitting(task)).filter((taker) => !isFull(taker));
    this.#byLane.set(task.laneId, fitting);
    const least = fitting.reduce<Taker | null>(
      (best, taker) => (best && load(best) <= load(taker) ? best : taker),
      null,
    );
    if (!least) return null;
    least.active += 1;
    least.wants -= 1;
    return least.agent;
  }

  /** In no particular order, so that the first of the fleet does not get all. */
  #fitting(task: ReadyTask): Taker[] {
    const fitting = (this.#byProject.get(task.projectId) ?? []).filter(({ agent }) => canTake(agent, task));
    return fitting
      .map((taker) => ({ taker, order: Math.random() }))
      .sort((a, b) => a.order - b.order)
      .map(({ taker }) => taker);
  }
}

/** Whether the agent is one that the task asks for. */
export function canTake(agent: Pick<FreeAgent, "id" | "capabilities" | "labels">, task: ReadyTask): boolean {
  if (task.targetAgentId !== null && task.targetAgentId !== agent.id) return false;
  if (task.targetAgentId === null && !agent.capabilities.includes(task.capability ?? "")) return false;
  return Object.entries(task.requiredLabels).every(([name, value]) => agent.labels[name] === value);
}

const isFull = ({ agent, active, wants }: Taker) => wants <= 0 || active >= agent.capacity;
const load = ({ agent, active }: Taker) => active / agent.capacity;
