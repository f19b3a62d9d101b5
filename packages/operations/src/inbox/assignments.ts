import type { Runtime } from "../runtime.ts";
import type { WaitForWork } from "../tasks/claim-tasks.ts";
import { onWorkChanged } from "../tasks/local-work.ts";
import type { OfferedTask } from "../tasks/task.ts";
import { Dispatcher } from "../tasks/dispatcher.ts";
import type { OpenInbox } from "../tasks/listening-agents.ts";
import { WorkHints } from "../tasks/work-hints.ts";
import { InboxHub } from "./inbox-hub.ts";
import { InboxSubscription } from "./inbox-subscription.ts";

/**
 * How work reaches the agents that are connected to this process. One for each process: its `observe` wants the events of all
 * projects as the feed reads them.
 */
export class Assignments implements WaitForWork {
  readonly #hints = new WorkHints();
  readonly #hub: InboxHub;
  readonly #dispatcher: Dispatcher;
  readonly #closing = new AbortController();
  readonly #stopListening: () => void;
  readonly observe = this.#hints.observe;
  readonly closing: AbortSignal = this.#closing.signal;

  constructor(runtime: Runtime, onError: (error: Error) => void) {
    this.#hub = new InboxHub(runtime, onError);
    const onAssigned = (inbox: OpenInbox, tasks: readonly OfferedTask[]) => this.#hub.offer(inbox.agentId, tasks);
    this.#dispatcher = new Dispatcher(runtime, { onError, onAssigned });
    this.#hints.onAgent((hint) => this.#hub.hint(hint));
    this.#hints.onWork(null, (hint) => this.#dispatcher.hear(hint));
    this.#stopListening = onWorkChanged(runtime, this.#hints.hear);
  }

  waitForWork(projectId: string, ms: number, signal: AbortSignal): Promise<void> {
    return this.#hints.waitForWork(projectId, ms, signal);
  }

  /** Opens the inbox of an agent's process: it is given work until the subscription ends. */
  open(inbox: OpenInbox): InboxSubscription {
    const stop = this.#dispatcher.add(inbox);
    const subscription: InboxSubscription = new InboxSubscription(inbox, () => {
      stop();
      this.#hub.delete(subscription);
    });
    this.#hub.add(subscription);
    return subscription;
  }

  /** Hands out nothing any more and ends all inboxes. Resolves when no statement runs. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#stopListening();
    await this.#dispatcher.close();
    await this.#hub.close();
  }
}
