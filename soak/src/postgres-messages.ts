/** One message of PostgreSQL's wire protocol 3.0, as it came. `type` is its letter; empty for the very first one. */
export interface WireMessage {
  readonly type: string;
  readonly bytes: Buffer;
}

const HEADER = 5;

/** Cuts a stream of bytes into messages. The first one of a frontend has no letter. */
export class MessageReader {
  #rest: Buffer = Buffer.alloc(0);
  #begins: boolean;

  constructor({ frontend }: { readonly frontend: boolean }) {
    this.#begins = frontend;
  }

  /** The messages that are complete with this chunk. */
  read(chunk: Buffer): WireMessage[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const messages: WireMessage[] = [];
    while (true) {
      const letter = this.#begins ? 0 : 1;
      if (this.#rest.length < letter + 4) return messages;
      const length = letter + this.#rest.readInt32BE(letter);
      if (this.#rest.length < length) return messages;
      const bytes = this.#rest.subarray(0, length);
      messages.push({ type: this.#begins ? "" : String.fromCharCode(bytes[0] ?? 0), bytes });
      this.#rest = this.#rest.subarray(length);
      this.#begins = false;
    }
  }
}

/** The strings, each ended by a zero byte, that a message begins with. */
export function strings({ bytes }: WireMessage, count: number): string[] {
  const found: string[] = [];
  let from = HEADER;
  while (found.length < count) {
    const end = bytes.indexOf(0, from);
    if (end < 0) break;
    found.push(bytes.toString("utf8", from, end));
    from = end + 1;
  }
  return found;
}
