import { systemCaller } from "../authorize.ts";
import { InTurns } from "../in-turns.ts";
import type { Runtime } from "../runtime.ts";
import type { ClaimAnswer } from "./claim-round.ts";
import { claim } from "./claim-rounds.ts";
import { returnDueTasks } from "./park-tasks.ts";
import type { ClaimingAgent } from "./ready-tasks.ts";
import type { OfferedTask } from "./task.ts";

/** An agent whose process listens to its inbox here. */
export interface OpenInbox {
  readonly agentId: string;
  readonly projectId: string;
  readonly incarnation: number;
}

export interface DispatcherOptions {
  readonly onError: (error: Error) => void;
  /** An agent has been given tasks. */
  readonly onAssigned: (inbox: OpenInbox, tasks: readonly OfferedTask[]) => void;
}

/**
 * Hints can be lost: whether tasks are ready is looked at again this often, each time with so many of the agents that all are looked at
 * every ten seconds; and tasks whose time comes this often.
 */
const POLL_MS = 1_000;
const POLLED = { calls: 10, least: 100 };
const DUE_MS = 200;
/** So many of the agents that can do the same go into a round, the least loaded: first few, and more when these were not enough. */
const FEW_OF_A_KIND = 8;
const MOST_OF_A_KIND = 64;

interface Taker {
  readonly inbox: OpenInbox;
  /** What the last round said of the agent, and its kind; null: something may have changed since. */
  known: (ClaimingAgent & { readonly kind: string }) | null;
  /** How often it may have. */
  changes: number;
  /** Whether it listens no more. */
  hasLeft: boolean;
}

/**
 * Gives work to the agents that listen here, the least loaded first. What it remembers of them only decides whom a round asks
 * about; the round itself reads them anew. One run at a time: what becomes ready meanwhile is seen to by the same run. Any
 * number of replicas may do so for the same project.
 */
export class Dispatcher {
  readonly #runtime: Runtime;
  readonly #options: DispatcherOptions;
  readonly #takers = new Map<string, Set<Taker>>();
  /** Of these: those of which something may have changed, and those with room by what they can do. Thousands may listen, and rounds are many. */
  readonly #unknown = new Set<Taker>();
  readonly #free = new Map<string, Set<Taker>>();
  readonly #turns = new InTurns(POLLED);
  readonly #caller = systemCaller("dispatcher");
  readonly #timers: readonly NodeJS.Timeout[];
  /** Kinds of agents, by their projects, that had room when nothing waited for them: until a task may be ready, they need not ask. */
  readonly #idle = new Map<string, Set<string>>();
  /** How often tasks may have become ready. */
  #readied = 0;
  #wanted: Set<string> | "all" | null = null;
  #running: Promise<void> | null = null;
  #looking: Promise<void> | null = null;
  #closed = false;

  constructor(runtime: Runtime, options: DispatcherOptions) {
    this.#runtime = runtime;
    this.#options = options;
    this.#timers = [setInterval(() => this.#wakeAll(), POLL_MS), setInterval(() => this.#lookForDue(), DUE_MS)];
    for (const timer of this.#timers) timer.unref();
  }

  /** From now on this agent is given work, until the returned function is called. */
  add(inbox: OpenInbox): () => void {
    const taker: Taker = { inbox, known: null, changes: 0, hasLeft: false };
    const there = this.#takers.get(inbox.agentId) ?? new Set();
    this.#takers.set(inbox.agentId, there.add(taker));
    this.#unknown.add(taker);
    this.wake(inbox.projectId, [], false);
    return () => {
      taker.hasLeft = true;
      this.#know(taker, null);
      if (there.delete(taker) && there.size === 0 && this.#takers.get(inbox.agentId) === there)
        this.#takers.delete(inbox.agentId);
    };
  }

  /** There may be work in this project, or, with null, in any, unless not `ready`; something about these agents may have changed. */
  wake(projectId: string | null, agentIds: Iterable<string> = [], ready = true): void {
    if (this.#closed || this.#takers.size === 0) return;
    if (ready) {
      this.#readied += 1;
      if (projectId === null) this.#idle.clear();
      else this.#idle.delete(projectId);
    }
    for (const taker of [...agentIds].flatMap((agentId) => [...(this.#takers.get(agentId) ?? [])])) {
      this.#know(taker, null);
      taker.changes += 1;
    }
    if (projectId === null) this.#wanted = "all";
    else if (this.#wanted === null) this.#wanted = new Set([projectId]);
    else if (this.#wanted !== "all") this.#wanted.add(projectId);
    this.#start();
  }

  /** Assigns nothing any more. Resolves when no claim runs. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all([this.#running, this.#looking]);
  }

  #wakeAll(): void {
    this.wake(null, this.#turns.take(this.#takers));
  }

  /** Remembers what a round has said of an agent, or, with null, that it may not be so any more. */
  #know(taker: Taker, known: Taker["known"]): void {
    const before = taker.known?.kind;
    if (before !== undefined) {
      const alike = this.#free.get(before);
      if (alike?.delete(taker) && alike.size === 0) this.#free.delete(before);
    }
    taker.known = known;
    if (known === null && !taker.hasLeft) this.#unknown.add(taker);
    else this.#unknown.delete(taker);
    if (!known?.available || taker.hasLeft) return;
    const alike = this.#free.get(known.kind);
    if (alike) alike.add(taker);
    else this.#free.set(known.kind, new Set([taker]));
  }

  #lookForDue(): void {
    if (this.#closed || this.#takers.size === 0 || this.#looking) return;
    this.#looking = returnDueTasks(this.#runtime.database)
      .then((projectIds) => {
        for (const projectId of new Set(projectIds)) this.wake(projectId);
      }, this.#options.onError)
      .finally(() => {
        this.#looking = null;
      });
  }

  #start(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
      if (this.#wanted !== null && !this.#closed) this.#start();
    });
  }

  async #run(): Promise<void> {
    try {
      let most = FEW_OF_A_KIND;
      while (this.#wanted !== null && !this.#closed) {
        const wanted = this.#wanted;
        this.#wanted = null;
        const { progress, left, fewer } = await this.#round(wanted, most);
        const wider = (left || fewer) && most < MOST_OF_A_KIND;
        if (wider || (progress && left)) this.#wanted = merge(wanted, this.#wanted);
        most = left || wider ? MOST_OF_A_KIND : FEW_OF_A_KIND;
      }
    } catch (error) {
      this.#wanted = null;
      this.#options.onError(error as Error);
    }
  }

  /**
   * One round of claims for the agents here. Whether it changed anything, whether tasks were left, and whether agents could be given
   * nothing that were thought to have room.
   */
  async #round(wanted: Set<string> | "all", most: number) {
    const readied = this.#readied;
    const asked = this.#whoAsks(wanted, most);
    const expected = asked.map(({ known }) => known !== null);
    const answers = await Promise.all(asked.map((taker) => this.#claimFor(taker)));
    const left = answers.some((answer) => answer.left);
    const hadRoom = answers.map(({ agent }, place) => {
      return agent?.available && agent.incarnation === asked[place]?.inbox.incarnation ? agent : null;
    });
    // What became ready meanwhile may not have been seen.
    const nothingWaits = !left && !answers.some(({ limited }) => limited) && readied === this.#readied;
    for (const agent of hadRoom) if (agent && nothingWaits) this.#rests(agent);
    return {
      left,
      progress: answers.some(({ progress }) => progress),
      fewer: hadRoom.some((agent, place) => agent === null && expected[place]),
    };
  }

  #rests(agent: ClaimingAgent): void {
    const kinds = this.#idle.get(agent.projectId) ?? new Set();
    this.#idle.set(agent.projectId, kinds.add(kindOf(agent)));
  }

  async #claimFor(taker: Taker): Promise<ClaimAnswer> {
    const { inbox } = taker;
    const max = taker.known ? taker.known.capacity - taker.known.active : 1_000;
    const { changes } = taker;
    const request = { caller: this.#caller, ...inbox, max, hasLeft: () => taker.hasLeft };
    const answer = await claim(this.#runtime, request);
    const { agent, tasks } = answer;
    // A hint that came while it asked is newer.
    if (taker.changes === changes) this.#know(taker, agent && after(agent, inbox, tasks.length));
    if (tasks.length > 0) this.#options.onAssigned(inbox, tasks);
    return answer;
  }

  /** The agents that something may have changed about, and of those with room the least loaded of each kind for which tasks may wait. */
  #whoAsks(wanted: Set<string> | "all", most: number): Taker[] {
    const isWanted = ({ inbox: { projectId } }: Taker) => wanted === "all" || wanted.has(projectId);
    const asking = [...this.#unknown].filter(isWanted);
    for (const [kind, alike] of this.#free) {
      const [one] = alike;
      if (one && isWanted(one) && !this.#idle.get(one.inbox.projectId)?.has(kind))
        asking.push(...leastLoaded(alike, most));
    }
    return asking;
  }
}

/** What is known of an agent after a round. */
function after(agent: ClaimingAgent, inbox: OpenInbox, taken: number) {
  const active = agent.active + taken;
  const available = agent.available && agent.incarnation === inbox.incarnation && active < agent.capacity;
  return { ...agent, active, available, kind: kindOf(agent) };
}

/** Agents with the same text can take the same tasks, but for those meant for one of them: these name it in a hint. */
function kindOf({ projectId, capabilities, labels }: ClaimingAgent): string {
  return JSON.stringify([projectId, capabilities, labels]);
}

/** The `most` least loaded ones. */
function leastLoaded(takers: ReadonlySet<Taker>, most: number): Iterable<Taker> {
  if (takers.size <= most) return takers;
  const free: Taker[] = [];
  for (const taker of takers) {
    if (load(taker) === 0) free.push(taker);
    if (free.length === most) return free;
  }
  return [...takers].toSorted((a, b) => load(a) - load(b)).slice(0, most);
}

function load({ known }: Taker): number {
  return known ? known.active / known.capacity : 0;
}

function merge(a: Set<string> | "all", b: Set<string> | "all" | null): Set<string> | "all" {
  return a === "all" || b === "all" ? "all" : new Set([...a, ...(b ?? [])]);
}
