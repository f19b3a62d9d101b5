import type { Duplex } from "node:stream";
import type { LiveSink, Rendered } from "@muster/graphql/live/live-sink.ts";
import type { WebSocket } from "ws";

/** A replay waits for the connection while more than this is on its way. */
const ROOM_BYTES = 131_072;
const NOTHING = Buffer.alloc(0);

/** What a sink has to know of its socket. */
interface Peer {
  readonly socket: WebSocket;
  /** What the socket's bytes go to. */
  readonly stream: Duplex;
  /** Its credential has ended or changed: it is only kept for answers that are under way, and no event goes out on it. */
  readonly ending: boolean;
}

/**
 * Sends the results of one operation of a socket (graphql-transport-ws). They go past `ws` to the stream beneath, each as one
 * buffer: this is what the server does most, and takes a third less than `WebSocket.send`. It is sound because `ws` too writes
 * only whole frames, without compression.
 */
export class SocketSink implements LiveSink {
  readonly #peer: Peer;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #bufferBytes: number;
  readonly #id: string;
  readonly #opening: Buffer;

  constructor(peer: Peer, operationId: string, bufferBytes: number) {
    this.#peer = peer;
    this.#socket = peer.socket;
    this.#stream = peer.stream;
    this.#bufferBytes = bufferBytes;
    this.#id = JSON.stringify(operationId);
    this.#opening = Buffer.from(`{"id":${this.#id},"type":"next","payload":`);
  }

  get isFull(): boolean {
    return this.#stream.writableLength > this.#bufferBytes;
  }

  send({ closed }: Rendered): void {
    if (this.#isOpen && !this.#peer.ending) this.#stream.write(textFrame(this.#opening, closed));
  }

  sendWhenRoom(result: Rendered): Promise<void> | null {
    this.send(result);
    if (!this.#isOpen || this.#peer.ending || this.#stream.writableLength < ROOM_BYTES) return null;
    // Called when all before it has left, and also when it cannot any more.
    return new Promise((resolve) => this.#stream.write("", () => resolve()));
  }

  /**
   * Sends the only result of a query or mutation. Where nothing waits in the connection, the end of the operation goes along with
   * it, and the answer is null; else a promise that resolves when the result has left, so that who reads nothing has nothing run.
   */
  sendLast(result: string): Promise<void> | null {
    const stream = this.#stream;
    if (!this.#isOpen) return null;
    const next = textFrame(this.#opening, Buffer.from(`${result}}`));
    if (stream.writableLength > 0) return new Promise((resolve) => stream.write(next, () => resolve()));
    stream.write(Buffer.concat([next, textFrame(Buffer.from(`{"id":${this.#id},"type":"complete"}`), NOTHING)]));
    return null;
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
