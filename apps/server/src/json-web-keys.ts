import type { IncomingMessage, ServerResponse } from "node:http";
import type { Database } from "@muster/database/database.ts";
import { verificationKeys } from "@muster/identity/signing-keys.ts";
import { sendError } from "./answers.ts";
import { secureOwn } from "./security-headers.ts";

/** Where others find what verifies our tokens (RFC 7517). */
export const JSON_WEB_KEYS_PATH = "/.well-known/jwks.json";

/** Answers with the public keys of all tokens that may still hold; they may be kept for five minutes. */
export async function sendJsonWebKeys(
  database: Database,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    return sendError(response, 405, "METHOD_NOT_ALLOWED", `${JSON_WEB_KEYS_PATH} takes GET requests only.`);
  }
  const keys = await verificationKeys(database, "TOKEN");
  secureOwn(response);
  response
    .writeHead(200, { "content-type": "application/jwk-set+json", "cache-control": "public, max-age=300" })
    .end(JSON.stringify({ keys }));
}
