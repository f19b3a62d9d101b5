import { connect, type Socket } from "node:net";
import { type CommitPoint, CommitWatch } from "./commit-watch.ts";
import type { ProxyState } from "./database-proxy.ts";
import { MessageReader, type WireMessage } from "./postgres-messages.ts";

/** A commit that somebody wants to see stopped. */
export interface Hold {
  readonly point: CommitPoint;
  readonly stopped: (mark: string) => void;
}

/** Asks for the answers so far, and commits nothing. */
const FLUSH = Buffer.from([0x48, 0, 0, 0, 4]);

/** One connection of a replica to PostgreSQL, message by message. */
export class ProxiedConnection {
  readonly #frontend: Socket;
  readonly #backend: Socket;
  readonly #state: ProxyState;
  readonly #watch = new CommitWatch();
  readonly #requests = new MessageReader({ frontend: true });
  readonly #answers = new MessageReader({ frontend: false });
  /** The commit at which to stop, and the request for it where that was held back. */
  #holding: { readonly hold: Hold; readonly request: Buffer | null } | null = null;
  /** Answers that the replica must not see yet. */
  #unseen: Buffer[] = [];
  #stopped = false;

  constructor(frontend: Socket, databasePort: number, state: ProxyState, onClose: () => void) {
    this.#frontend = frontend;
    this.#backend = connect({ port: databasePort, host: "127.0.0.1", noDelay: true });
    this.#state = state;
    for (const [from, to] of [
      [frontend, this.#backend],
      [this.#backend, frontend],
    ] as const) {
      from.on("error", () => {});
      from.on("close", () => {
        to.destroy();
        onClose();
      });
      to.on("drain", () => from.resume());
    }
    frontend.on("data", (chunk: Buffer) => {
      if (!this.#stopped) this.#ask(this.#requests.read(chunk));
    });
    this.#backend.on("data", (chunk: Buffer) => {
      if (!this.#stopped) this.#answer(this.#answers.read(chunk));
    });
  }

  destroy(): void {
    this.#frontend.destroy();
    this.#backend.destroy();
  }

  #ask(messages: readonly WireMessage[]): void {
    const passed: Buffer[] = [];
    for (const message of messages) {
      const { hold } = this.#state;
      if (!this.#watch.sent(message) || !hold || this.#holding) {
        passed.push(message.bytes);
        continue;
      }
      this.#state.hold = null;
      if (hold.point === "before" && message.type === "Q") return this.#stop(hold);
      this.#holding = { hold, request: hold.point === "before" ? message.bytes : null };
      passed.push(hold.point === "before" ? FLUSH : message.bytes);
    }
    if (passed.length > 0 && !this.#backend.write(Buffer.concat(passed))) this.#frontend.pause();
  }

  #answer(messages: readonly WireMessage[]): void {
    for (const message of messages) {
      if (message.type === "A" && this.#state.swallowsNotifications) {
        this.#state.swallowed += 1;
        continue;
      }
      this.#unseen.push(message.bytes);
      const ended = this.#watch.received(message);
      if (this.#holding) this.#consider(message.type, ended, this.#holding);
      if (this.#stopped) return;
      if (ended) this.#watch.forget();
    }
    if (this.#holding) return;
    if (this.#unseen.length > 0 && !this.#frontend.write(Buffer.concat(this.#unseen))) this.#backend.pause();
    this.#unseen = [];
  }

  /** Stops at the commit when it is one, and lets go of a statement that has changed nothing. */
  #consider(type: string, ended: boolean, { hold, request }: { hold: Hold; request: Buffer | null }): void {
    const carriedOut = request === null ? ended : type === "C";
    if (carriedOut && this.#watch.mark !== null && type !== "E") return this.#stop(hold);
    if (!carriedOut && type !== "E") return;
    this.#holding = null;
    this.#state.hold ??= hold;
    if (request) this.#backend.write(request);
  }

  #stop(hold: Hold): void {
    this.#stopped = true;
    hold.stopped(this.#watch.mark ?? "");
  }
}
