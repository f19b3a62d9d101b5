import type { ServerResponse } from "node:http";
import type { LiveSink, Rendered } from "@muster/graphql/live/live-sink.ts";
import type { ConnectionLimits } from "./connection-limits.ts";

/** Who takes nothing at so many signs of life in a row has gone. */
const DEAD_AFTER = 4;
const COMMENT = Buffer.from(":\n\n");
const COMPLETE = "event: complete\ndata:\n\n";

/** A message is the same for all who get it. */
const messages = new WeakMap<Rendered, Buffer>();

/** One subscription as a stream of server-sent events, whose ids are the cursors of its frames. */
export class EventStream implements LiveSink {
  readonly #response: ServerResponse;
  readonly #limits: Pick<ConnectionLimits, "bufferBytes" | "keepAliveMs">;
  #stuck = 0;

  constructor(response: ServerResponse, limits: Pick<ConnectionLimits, "bufferBytes" | "keepAliveMs">) {
    this.#response = response;
    this.#limits = limits;
  }

  /** Begins the answer. Before it nothing can be sent. */
  begin(): void {
    const response = this.#response;
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      // Proxies that collect answers would hold the events back.
      "x-accel-buffering": "no",
    });
    response.write(COMMENT);
    const keepAlive = setInterval(() => this.#ping(), this.#limits.keepAliveMs);
    response.once("close", () => clearInterval(keepAlive));
  }

  get isFull(): boolean {
    return this.#response.writableLength > this.#limits.bufferBytes;
  }

  send(result: Rendered): void {
    if (this.#isOpen) this.#response.write(messageOf(result));
  }

  sendWhenRoom(result: Rendered): Promise<void> | null {
    if (!this.#isOpen || this.#response.write(messageOf(result))) return null;
    return new Promise((resolve) => {
      const settle = () => {
        this.#response.off("drain", settle);
        this.#response.off("close", settle);
        resolve();
      };
      this.#response.once("drain", settle);
      this.#response.once("close", settle);
    });
  }

  /** Says that nothing comes any more. */
  complete(): void {
    if (this.#isOpen) this.#response.end(COMPLETE);
  }

  /** Its `writable` stays true on a response whose connection has gone. */
  get #isOpen(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded;
  }

  /** While much waits already, a sign of life would only add to it. */
  #ping(): void {
    this.#stuck = this.#response.writableNeedDrain ? this.#stuck + 1 : 0;
    if (this.#stuck === 0) this.#response.write(COMMENT);
    else if (this.#stuck >= DEAD_AFTER) this.#response.destroy();
  }
}

function messageOf(result: Rendered): Buffer {
  const known = messages.get(result);
  if (known) return known;
  const id = result.cursor === null ? "" : `id: ${result.cursor}\n`;
  const json = result.closed.subarray(0, -1);
  const message = Buffer.concat([Buffer.from(`${id}event: next\ndata: `), json, Buffer.from("\n\n")]);
  messages.set(result, message);
  return message;
}
