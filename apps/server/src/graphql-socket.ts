import type { Duplex } from "node:stream";
import type { LiveSink, Rendered } from "@muster/graphql/live/live-sink.ts";
import type { WebSocket } from "ws";

/** A replay waits for the connection while more than this is on its way. */
const ROOM_BYTES = 131_072;

/**
 * Sends the results of one operation of a socket (graphql-transport-ws). They go past `ws` to the stream beneath, each as one
 * buffer: this is what the server does most, and takes a third less than `WebSocket.send`. It is sound because `ws` too writes
 * only whole frames, without compression.
 */
export class SocketSink implements LiveSink {
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #bufferBytes: number;
  readonly #opening: Buffer;

  constructor(socket: WebSocket, stream: Duplex, operationId: string, bufferBytes: number) {
    this.#socket = socket;
    this.#stream = stream;
    this.#bufferBytes = bufferBytes;
    this.#opening = Buffer.from(`{"id":${JSON.stringify(operationId)},"type":"next","payload":`);
  }

  get isFull(): boolean {
    return this.#stream.writableLength > this.#bufferBytes;
  }

  send({ closed }: Rendered): void {
    if (this.#isOpen) this.#stream.write(textFrame(this.#opening, closed));
  }

  sendWhenRoom(result: Rendered): Promise<void> | null {
    this.send(result);
    if (!this.#isOpen || this.#stream.writableLength < ROOM_BYTES) return null;
    // Called when all before it has left, and also when it cannot any more.
    return new Promise((resolve) => this.#stream.write("", () => resolve()));
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN && this.#stream.writable;
  }
}

/** One unfragmented text message of a server (RFC 6455, section 5.2). */
function textFrame(opening: Buffer, closed: Buffer): Buffer {
  const length = opening.length + closed.length;
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = 0x81;
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  opening.copy(frame, header);
  closed.copy(frame, header + opening.length);
  return frame;
}
