import type { LiveSink, Rendered } from "@muster/graphql/live/live-sink.ts";
import type { WebSocket } from "ws";

const TEXT = { binary: false, compress: false } as const;
/** A replay waits for the connection while more than this is on its way. */
const ROOM_BYTES = 131_072;

/** Sends the results of one operation of a socket (graphql-transport-ws). */
export class SocketSink implements LiveSink {
  readonly #socket: WebSocket;
  readonly #bufferBytes: number;
  readonly #opening: Buffer;

  constructor(socket: WebSocket, operationId: string, bufferBytes: number) {
    this.#socket = socket;
    this.#bufferBytes = bufferBytes;
    this.#opening = Buffer.from(`{"id":${JSON.stringify(operationId)},"type":"next","payload":`);
  }

  get isFull(): boolean {
    return this.#socket.bufferedAmount > this.#bufferBytes;
  }

  send({ closed }: Rendered): void {
    if (this.#socket.readyState === this.#socket.OPEN) {
      this.#socket.send(Buffer.concat([this.#opening, closed]), TEXT);
    }
  }

  async sendWhenRoom(rendered: Rendered): Promise<void> {
    if (this.#socket.bufferedAmount < ROOM_BYTES) return this.send(rendered);
    await new Promise<void>((resolve) => {
      // Called when it has left, and also when it cannot any more.
      this.#socket.send(Buffer.concat([this.#opening, rendered.closed]), TEXT, () => resolve());
    });
  }
}
