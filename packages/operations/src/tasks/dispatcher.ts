import { canTake, type ReadyTask } from "@muster/domain/match-tasks.ts";
import { systemCaller } from "../authorize.ts";
import type { Runtime } from "../runtime.ts";
import type { ClaimAnswer } from "./claim-round.ts";
import { claim } from "./claim-rounds.ts";
import { type Listener, ListeningAgents, type OpenInbox } from "./listening-agents.ts";
import type { WorkHint } from "./local-work.ts";
import { returnDueTasks } from "./park-tasks.ts";
import type { OfferedTask } from "./task.ts";

export interface DispatcherOptions {
  readonly onError: (error: Error) => void;
  /** An agent has been given tasks. */
  readonly onAssigned: (inbox: OpenInbox, tasks: readonly OfferedTask[]) => void;
}

/** Hints can be lost: whether tasks are ready is looked at again this often; and tasks whose time comes this often. */
const POLL_MS = 1_000;
const DUE_MS = 200;
/** So many of the agents that can do the same go into a round, the least loaded: first few, and more when these were not enough. */
const FEW_OF_A_KIND = 8;
const MOST_OF_A_KIND = 64;
/** More new tasks of a project are looked for in the database. */
const MOST_FRESH = 200;

/**
 * Gives work to the agents that listen here, the least loaded first. One run at a time: what becomes ready meanwhile is seen to
 * by the same run. Any number of replicas may do so for the same project.
 */
export class Dispatcher {
  readonly #runtime: Runtime;
  readonly #options: DispatcherOptions;
  readonly #listening = new ListeningAgents();
  readonly #caller = systemCaller("dispatcher");
  readonly #timers: readonly NodeJS.Timeout[];
  /** How often tasks may have become ready. */
  #readied = 0;
  #wanted: Set<string> | "all" | null = null;
  /** New tasks that agents which rest are to be given, by their projects. */
  #fresh = new Map<string, ReadyTask[]>();
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
    const listener = this.#listening.add(inbox);
    this.wake(inbox.projectId, [], false);
    return () => this.#listening.delete(listener);
  }

  /** There may be work in this project, or, with null, in any, unless not `ready`; something about these agents may have changed. */
  wake(projectId: string | null, agentIds: Iterable<string> = [], ready = true): void {
    this.hear({ projectId, agentIds: new Set(agentIds), ready, fresh: [], released: new Map() });
  }

  /** What has become known of work or room. */
  hear({ projectId, agentIds, ready, fresh, released }: WorkHint): void {
    if (this.#closed || this.#listening.size === 0) return;
    for (const [agentId, tasks] of released) this.#listening.released(agentId, tasks);
    for (const agentId of agentIds) this.#listening.changed(agentId);
    if (ready) this.#mayBeReady(projectId);
    else if (projectId !== null && fresh.length > 0) this.#addFresh(projectId, fresh);
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
    this.wake(null, this.#listening.nextToPoll());
  }

  #mayBeReady(projectId: string | null): void {
    this.#readied += 1;
    this.#listening.readied(projectId);
  }

  #addFresh(projectId: string, fresh: readonly ReadyTask[]): void {
    const there = this.#fresh.get(projectId) ?? [];
    if (there.length + fresh.length <= MOST_FRESH) this.#fresh.set(projectId, [...there, ...fresh]);
    else this.#mayBeReady(projectId);
  }

  #lookForDue(): void {
    if (this.#closed || this.#listening.size === 0 || this.#looking) return;
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
    const { resting, fresh } = this.#takeFresh();
    const readied = this.#readied;
    const asked = this.#listening.whoAsks(wanted, most);
    const all = [...asked, ...resting];
    const expected = all.map(({ known }) => known !== null);
    const answers = await Promise.all([
      ...asked.map((listener) => this.#claimFor(listener, [])),
      ...resting.map((listener) => this.#claimFor(listener, fresh)),
    ]);
    const left = answers.some((answer) => answer.left);
    const hadRoom = answers.map(({ agent }, place) => {
      return agent?.available === true && agent.incarnation === all[place]?.inbox.incarnation;
    });
    // What became ready meanwhile may not have been seen.
    const nothingWaits = !left && !answers.some(({ limited }) => limited) && readied === this.#readied;
    for (const [place, { agent }] of answers.entries())
      if (nothingWaits && agent && hadRoom[place]) this.#listening.rests(agent);
    // They may be behind a limit, or for others.
    if (left) for (const { projectId } of fresh) this.#mayBeReady(projectId);
    return {
      left,
      progress: answers.some(({ progress }) => progress),
      fewer: hadRoom.some((room, place) => !room && expected[place]),
    };
  }

  /** The new tasks of projects where agents that rest can take all of them, and these agents. Others have to be looked for. */
  #takeFresh(): { readonly resting: readonly Listener[]; readonly fresh: readonly ReadyTask[] } {
    const taken = [...this.#fresh].map(([projectId, tasks]) => {
      const most = Math.min(MOST_OF_A_KIND, Math.max(FEW_OF_A_KIND, tasks.length));
      const resting = this.#listening.whoRests(projectId, most);
      if (tasks.every((task) => resting.some(({ known }) => known && canTake(known, task))))
        return { resting, fresh: tasks };
      this.#mayBeReady(projectId);
      return { resting: [], fresh: [] };
    });
    this.#fresh.clear();
    return { resting: taken.flatMap((each) => each.resting), fresh: taken.flatMap((each) => each.fresh) };
  }

  async #claimFor(listener: Listener, fresh: readonly ReadyTask[]): Promise<ClaimAnswer> {
    const { inbox, known, changes } = listener;
    const max = known ? known.capacity - known.active : 1_000;
    const work = known && fresh.length > 0 ? { agent: known, tasks: fresh } : null;
    listener.asking += 1;
    try {
      const request = { caller: this.#caller, ...inbox, max, work, hasLeft: () => listener.hasLeft };
      const answer = await claim(this.#runtime, request);
      // A hint that came while it asked is newer.
      this.#listening.learned(listener, changes, answer);
      if (answer.tasks.length > 0) this.#options.onAssigned(inbox, answer.tasks);
      return answer;
    } finally {
      listener.asking -= 1;
    }
  }
}

function merge(a: Set<string> | "all", b: Set<string> | "all" | null): Set<string> | "all" {
  return a === "all" || b === "all" ? "all" : new Set([...a, ...(b ?? [])]);
}
