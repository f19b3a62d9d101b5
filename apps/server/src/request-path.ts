import type { IncomingMessage } from "node:http";
import { originOf } from "./request-origin.ts";

/**
 * The path that a request asks for, without the query; null for what is none: a whole URL, as one sends to an open proxy,
 * `//host`, which reads as a URL of another host, and anything below a Host that is none.
 */
export function pathOf(request: Pick<IncomingMessage, "headers" | "url">): string | null {
  const path = (request.url ?? "").split("?", 1)[0] ?? "";
  return path.startsWith("/") && !path.startsWith("//") && originOf(request) !== null ? path : null;
}
