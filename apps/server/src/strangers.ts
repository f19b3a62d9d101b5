import type { BlockList, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { isIn } from "@muster/operations/webhooks/allowed-networks.ts";
import type { AddressUsage } from "./address-usage.ts";
import { plainAddress } from "./client-address.ts";

const TOO_MANY = JSON.stringify({
  errors: [
    {
      message:
        "Too many connections from your address have not signed in. Close some, or use those that have. Try again in 5 s.",
      extensions: { code: "LIMIT_EXCEEDED", limit: "address.strangers", retryAfterMs: 5_000 },
    },
  ],
});
const ANSWER = `HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(TOO_MANY)}\r\nretry-after: 5\r\nconnection: close\r\n\r\n${TOO_MANY}`;

/** The connections of each address that have not shown a credential that works: so many may be open, whatever they do or do not send. */
export class Strangers {
  readonly #addresses: AddressUsage;
  readonly #trustedProxies: BlockList;
  /** By the other end: below TLS the socket is another object than above it. */
  readonly #counted = new Map<string, () => void>();

  constructor(addresses: AddressUsage, trustedProxies: BlockList) {
    this.#addresses = addresses;
    this.#trustedProxies = trustedProxies;
  }

  /** A connection has come. One too many is answered and closed. Trusted proxies look after their clients themselves. */
  admit(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress ?? "");
    if (address === null || isIn(this.#trustedProxies, address)) return;
    const forget = this.#addresses.enter(address);
    if (forget === null) {
      socket.on("error", () => {});
      socket.end(ANSWER, () => socket.destroy());
      return;
    }
    const end = endOf(socket);
    this.#counted.set(end, forget);
    socket.once("close", () => {
      forget();
      if (this.#counted.get(end) === forget) this.#counted.delete(end);
    });
  }

  /** The connection has shown a credential that works. */
  isKnown(connection: Socket | Duplex): void {
    const end = endOf(connection as Socket);
    this.#counted.get(end)?.();
    this.#counted.delete(end);
  }
}

function endOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
