import { MeasuredProcess } from "../measured-process.ts";
import type { Subscription } from "./subscription.ts";

const PROGRAM = new URL("./subscriber-process.ts", import.meta.url);
const PROCESSES = 2;

/** Sockets to open, under a name by which they can be closed. */
export interface Opening {
  readonly group: string;
  readonly url: string;
  readonly key: string;
  readonly subscriptions: readonly Subscription[];
  /** Whether to take the time from each event to its receipt. */
  readonly timed: boolean;
  /** The server sends a frame as soon as it has subscribed. */
  readonly greets: boolean;
}

export type SubscriberRequest =
  | (Opening & { readonly type: "open" })
  | { readonly type: "close"; readonly group: string }
  | { readonly type: "look" }
  | { readonly type: "take" };

/** What the sockets of all groups have received since it was last taken. */
export interface Received {
  readonly events: number;
  /** With bookmarks. */
  readonly frames: number;
  readonly caughtUp: boolean;
  /** One event's frame. */
  readonly sample: string | null;
  /** Milliseconds from each event's own time to its receipt. */
  readonly delays: readonly number[];
}

/** Subscribers in processes of their own; they count what they get. The same ones serve ours and every peer. */
export class Subscribers {
  readonly #processes = Array.from({ length: PROCESSES }, () => new MeasuredProcess(PROGRAM));

  /** Resolves when every subscription is under way. */
  async open({ subscriptions, ...opening }: Opening): Promise<void> {
    await this.#ask((index) => ({
      type: "open",
      ...opening,
      subscriptions: subscriptions.filter((_, at) => at % PROCESSES === index),
    }));
  }

  async close(group: string): Promise<void> {
    await this.#ask(() => ({ type: "close", group }));
  }

  /** What has come so far. */
  look(): Promise<Received> {
    return this.#ask(() => ({ type: "look" }));
  }

  /** What has come, and begins to count anew. */
  take(): Promise<Received> {
    return this.#ask(() => ({ type: "take" }));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.stop()));
  }

  async #ask(request: (index: number) => SubscriberRequest): Promise<Received> {
    const answers = await Promise.all(
      this.#processes.map(async (process, index) => {
        const answer = process.message(isReceived);
        process.send(request(index));
        return (await answer).received;
      }),
    );
    return {
      events: sum(answers.map(({ events }) => events)),
      frames: sum(answers.map(({ frames }) => frames)),
      caughtUp: answers.some(({ caughtUp }) => caughtUp),
      sample: answers.find(({ sample }) => sample !== null)?.sample ?? null,
      delays: answers.flatMap(({ delays }) => delays),
    };
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function isReceived(message: unknown): message is { received: Received } {
  return typeof message === "object" && message !== null && "received" in message;
}
