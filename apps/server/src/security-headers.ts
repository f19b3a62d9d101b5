import type { IncomingMessage, ServerResponse } from "node:http";
import { protocolOf } from "./request-origin.ts";

const FOR_ALL = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  // Not no-referrer: under it, some browsers send "Origin: null" from our own pages.
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
};

const FOR_OWN = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
};

/** The headers that each answer of this origin carries, whoever made it. In lower case. */
export const SECURITY_HEADERS: readonly string[] = [...Object.keys(FOR_ALL), "strict-transport-security"];

/** Sets the headers that each answer carries, the console's too. */
export function secure(request: IncomingMessage, response: ServerResponse): void {
  for (const [name, value] of Object.entries(FOR_ALL)) response.setHeader(name, value);
  if (protocolOf(request) === "https") response.setHeader("strict-transport-security", "max-age=31536000");
}

/** Sets what the server's own answers carry besides. The console's pages say themselves what they load and how long they keep. */
export function secureOwn(response: ServerResponse): void {
  for (const [name, value] of Object.entries(FOR_OWN)) response.setHeader(name, value);
}
