import { type BlockList, isIP } from "node:net";
import type { IncomingMessage } from "node:http";
import { isIn } from "@muster/operations/webhooks/allowed-networks.ts";

type Request = Pick<IncomingMessage, "headers" | "socket">;

/**
 * The IP address that a request came from. X-Forwarded-For counts only as far as trusted proxies wrote it: it is read from its end,
 * past those, to the first address that is none of them. Null when the connection has gone.
 */
export function clientAddress({ headers, socket }: Request, trustedProxies: BlockList): string | null {
  let address = plainAddress(socket.remoteAddress ?? "");
  if (address === null) return null;
  const forwarded = String(headers["x-forwarded-for"] ?? "").split(",");
  while (isIn(trustedProxies, address)) {
    const before = plainAddress(forwarded.pop()?.trim() ?? "");
    if (before === null) break;
    address = before;
  }
  return address;
}

/** An address without a port, brackets and zone, an IPv4 address out of its IPv6 clothing; null for a text that is none. */
export function plainAddress(text: string): string | null {
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = bare.replace(/^::ffff:(?=\d+\.)/i, "").split("%", 1)[0] ?? "";
  return isIP(address) === 0 ? null : address;
}

/** What limits go by: an IPv4 address, or the /64 network that one holder of IPv6 addresses has at least. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const first = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length;
  const groups = [...first, ...Array.from({ length: zeros }, () => "0"), ...last];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}
