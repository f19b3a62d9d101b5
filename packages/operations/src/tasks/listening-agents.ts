import { InTurns } from "../in-turns.ts";
import type { ClaimAnswer } from "./claim-round.ts";
import type { ClaimingAgent } from "./ready-tasks.ts";

/** An agent whose process listens to its inbox here. */
export interface OpenInbox {
  readonly agentId: string;
  readonly projectId: string;
  readonly incarnation: number;
}

/** What the last round said of an agent, and what has happened to it here since. */
interface Known extends ClaimingAgent {
  /** Agents with the same text can take the same tasks, but for those meant for one of them: these name it in a hint. */
  readonly kind: string;
  /** It had room, and got all that there was for it: whether it has room again can be told by counting. */
  readonly settled: boolean;
}

export interface Listener {
  readonly inbox: OpenInbox;
  /** Null: something may have changed since. */
  known: Known | null;
  /** How often it may have. */
  changes: number;
  /** How many rounds ask for it just now. */
  asking: number;
  /** Whether it listens no more. */
  hasLeft: boolean;
}

/** Each time so many are looked at in case that a hint was lost, that all are after ten times. */
const POLLED = { calls: 10, least: 100 };

/**
 * What is remembered of the agents that listen here. It only decides whom a round asks about and what the round need not read:
 * what is handed out is checked by the statement that does so.
 */
export class ListeningAgents {
  readonly #listeners = new Map<string, Set<Listener>>();
  /** Of these: those of which something may have changed, and those with room by what they can do. Thousands may listen, and rounds are many. */
  readonly #unknown = new Set<Listener>();
  readonly #free = new Map<string, Set<Listener>>();
  /** Kinds of agents, by their projects, that had room when nothing waited for them: until a task may be ready, they need not ask. */
  readonly #resting = new Map<string, Set<string>>();
  readonly #turns = new InTurns(POLLED);

  get size(): number {
    return this.#listeners.size;
  }

  add(inbox: OpenInbox): Listener {
    const listener: Listener = { inbox, known: null, changes: 0, asking: 0, hasLeft: false };
    const there = this.#listeners.get(inbox.agentId) ?? new Set();
    this.#listeners.set(inbox.agentId, there.add(listener));
    this.#unknown.add(listener);
    return listener;
  }

  delete(listener: Listener): void {
    listener.hasLeft = true;
    this.#know(listener, null);
    const { agentId } = listener.inbox;
    const there = this.#listeners.get(agentId);
    if (there?.delete(listener) && there.size === 0) this.#listeners.delete(agentId);
  }

  /** The next ones that are looked at in case that a hint was lost. */
  nextToPoll(): string[] {
    return this.#turns.take(this.#listeners);
  }

  /** Something about an agent may have changed. */
  changed(agentId: string): void {
    for (const listener of this.#listeners.get(agentId) ?? []) this.#forget(listener);
  }

  /** An agent has completed so many tasks: where all of it is known, it has so much more room. */
  released(agentId: string, tasks: number): void {
    for (const listener of this.#listeners.get(agentId) ?? []) {
      const { known, asking } = listener;
      if (known?.settled && asking === 0)
        this.#know(listener, { ...known, active: Math.max(0, known.active - tasks), available: true });
      else this.#forget(listener);
    }
  }

  /** Tasks may have become ready in this project, or, with null, in any: all with room have to ask. */
  readied(projectId: string | null): void {
    if (projectId === null) this.#resting.clear();
    else this.#resting.delete(projectId);
  }

  /** Nothing waited for this agent. */
  rests(agent: ClaimingAgent): void {
    const kinds = this.#resting.get(agent.projectId) ?? new Set();
    this.#resting.set(agent.projectId, kinds.add(kindOf(agent)));
  }

  /** What a round has said of an agent, unless something has changed since it began to ask, at `changes`. */
  learned(listener: Listener, changes: number, answer: ClaimAnswer): void {
    if (listener.changes !== changes) return;
    const { agent, tasks, left, limited, stoodAside } = answer;
    if (!agent) return this.#know(listener, null);
    const active = agent.active + tasks.length;
    const isAble = agent.available && agent.incarnation === listener.inbox.incarnation;
    const settled = isAble && !left && !limited && !stoodAside;
    const available = isAble && active < agent.capacity;
    this.#know(listener, { ...agent, active, available, settled, kind: kindOf(agent) });
  }

  /** Those that something may have changed about, and of those with room the least loaded of each kind for which tasks may wait. */
  whoAsks(wanted: ReadonlySet<string> | "all", most: number): Listener[] {
    const isWanted = ({ inbox: { projectId } }: Listener) => wanted === "all" || wanted.has(projectId);
    const asking = [...this.#unknown].filter(isWanted);
    for (const [kind, alike] of this.#free) {
      const [one] = alike;
      if (one && isWanted(one) && !this.#resting.get(one.inbox.projectId)?.has(kind))
        asking.push(...leastLoaded(alike, most));
    }
    return asking;
  }

  /** Of each kind in the project that rests, the least loaded with room: nothing but new tasks can be for them. */
  whoRests(projectId: string, most: number): Listener[] {
    const kinds = [...(this.#resting.get(projectId) ?? [])];
    return kinds.flatMap((kind) => [...leastLoaded(this.#free.get(kind) ?? new Set(), most)]);
  }

  #forget(listener: Listener): void {
    this.#know(listener, null);
    listener.changes += 1;
  }

  #know(listener: Listener, known: Known | null): void {
    const before = listener.known?.kind;
    if (before !== undefined) {
      const alike = this.#free.get(before);
      if (alike?.delete(listener) && alike.size === 0) this.#free.delete(before);
    }
    listener.known = known;
    if (known === null && !listener.hasLeft) this.#unknown.add(listener);
    else this.#unknown.delete(listener);
    if (!known?.available || listener.hasLeft) return;
    const alike = this.#free.get(known.kind);
    if (alike) alike.add(listener);
    else this.#free.set(known.kind, new Set([listener]));
  }
}

function kindOf({ projectId, capabilities, labels }: ClaimingAgent): string {
  return JSON.stringify([projectId, capabilities, labels]);
}

/** The `most` least loaded ones. */
function leastLoaded(listeners: ReadonlySet<Listener>, most: number): Iterable<Listener> {
  if (listeners.size <= most) return listeners;
  const free: Listener[] = [];
  for (const listener of listeners) {
    if (load(listener) === 0) free.push(listener);
    if (free.length === most) return free;
  }
  return [...listeners].toSorted((a, b) => load(a) - load(b)).slice(0, most);
}

function load({ known }: Listener): number {
  return known ? known.active / known.capacity : 0;
}
