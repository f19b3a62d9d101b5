import { InTurns } from "../in-turns.ts";
import type { Runtime } from "../runtime.ts";
import { type AgentHint, offerKey } from "../tasks/work-hints.ts";
import type { OfferedTask } from "../tasks/task.ts";
import { offerOf, readInboxes } from "./inbox-queries.ts";
import type { InboxSubscription } from "./inbox-subscription.ts";

/** Hints can be lost: each time so many of the open inboxes are read that all come at least every ten seconds. */
const POLL_MS = 1_000;
const POLLED = { calls: 10, least: 100 };
/** Offers of about a second, under load. */
const MOST_TOLD = 10_000;

/**
 * Reads the inboxes that are open in this process, those of many agents in one go: what is asked for while a reading is under
 * way is read together afterwards.
 */
export class InboxHub {
  readonly #runtime: Runtime;
  readonly #onError: (error: Error) => void;
  readonly #open = new Map<string, Set<InboxSubscription>>();
  readonly #wanted = new Set<string>();
  /** Agents that were offered tasks since the reading under way began. */
  readonly #offered = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  readonly #turns = new InTurns(POLLED);
  /** Offers made here whose events are still to come; of those that never do, the newest are kept. */
  #told = new Set<string>();
  #reading: Promise<void> | null = null;
  #closed = false;

  constructor(runtime: Runtime, onError: (error: Error) => void) {
    this.#runtime = runtime;
    this.#onError = onError;
    this.#timer = setInterval(() => {
      this.#told = new Set([...this.#told].slice(-MOST_TOLD));
      this.#want(this.#turns.take(this.#open));
    }, POLL_MS);
    this.#timer.unref();
  }

  add(subscription: InboxSubscription): void {
    const there = this.#open.get(subscription.agentId);
    if (there) there.add(subscription);
    else this.#open.set(subscription.agentId, new Set([subscription]));
    this.#want([subscription.agentId]);
  }

  delete(subscription: InboxSubscription): void {
    const there = this.#open.get(subscription.agentId);
    if (there?.delete(subscription) && there.size === 0) this.#open.delete(subscription.agentId);
  }

  /** There may be something new for an agent, or, without `agentId`, for any of the project. */
  hint({ projectId, agentId, offered }: AgentHint): void {
    // The event of what has been offered here already.
    if (offered && this.#told.delete(offered)) return;
    if (agentId !== null) return this.#want([agentId]);
    const subscriptions = [...this.#open.values()].flatMap((there) => [...there]);
    this.#want(subscriptions.filter((open) => open.projectId === projectId).map((open) => open.agentId));
  }

  /** Tells the agent's processes of tasks that it has just been given, without asking the database. */
  offer(agentId: string, tasks: readonly OfferedTask[]): void {
    this.#offered.add(agentId);
    for (const { id, attempt } of tasks) this.#told.add(offerKey(id, attempt));
    for (const subscription of this.#open.get(agentId) ?? []) subscription.push(tasks.map(offerOf));
  }

  /** Ends every subscription. Resolves when nothing is read any more. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const subscription of [...this.#open.values()].flatMap((there) => [...there])) await subscription.return();
    await this.#reading;
  }

  #want(agentIds: Iterable<string>): void {
    for (const agentId of agentIds) {
      if (this.#open.has(agentId)) this.#wanted.add(agentId);
    }
    if (this.#wanted.size > 0 && !this.#closed) this.#start();
  }

  #start(): void {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
      if (this.#wanted.size > 0 && !this.#closed) this.#start();
    });
  }

  async #read(): Promise<void> {
    const agentIds = [...this.#wanted];
    this.#wanted.clear();
    this.#offered.clear();
    try {
      const states = await readInboxes(this.#runtime.database, agentIds);
      for (const [agentId, state] of states) {
        // What was read may be from before the offer.
        if (this.#offered.has(agentId)) {
          this.#wanted.add(agentId);
          // An agent that is always given work would hear of no rollback: what changed in contexts holds all the same.
          const changes = state.messages.filter(({ type }) => type === "ContextChanged");
          for (const subscription of this.#open.get(agentId) ?? []) subscription.push(changes);
          continue;
        }
        for (const subscription of this.#open.get(agentId) ?? []) subscription.update(state);
      }
    } catch (error) {
      // The next poll reads them again.
      this.#onError(error as Error);
    }
  }
}
