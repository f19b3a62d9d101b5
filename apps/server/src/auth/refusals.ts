import type { ServerResponse } from "node:http";
import { InvalidInput, LimitExceeded } from "@muster/domain/errors.ts";
import { SignInRefused } from "@muster/identity/sign-in-refused.ts";
import { z } from "zod";
import { sendError, sendJson, sendTooMany } from "../answers.ts";
import { BodyRefused } from "../json-body.ts";

const Nothing = z.strictObject({});

/** Throws `BodyRefused` unless the body is empty. */
export function expectNothing(body: unknown): void {
  if (!Nothing.safeParse(body).success) throw new BodyRefused(400, "This takes no fields. Send {} or no body.");
}

/** Answers a page of another origin. */
export function sendForeign(response: ServerResponse): void {
  sendError(
    response,
    403,
    "FOREIGN_ORIGIN",
    "Only Muster's own pages may do this. Open Muster's address and do it there.",
  );
}

/** Answers what a route below /auth can be expected to throw. Throws anything else. */
export function sendRefusal(response: ServerResponse, error: unknown): void {
  if (error instanceof SignInRefused) return sendError(response, 401, error.code, error.message);
  if (error instanceof LimitExceeded) return sendTooMany(response, error);
  if (error instanceof InvalidInput) {
    const { message, code, issues } = error;
    return sendJson(response, 400, { errors: [{ message, extensions: { code, issues } }] });
  }
  if (!(error instanceof BodyRefused)) throw error;
  // What is left of the body is not read.
  response.setHeader("connection", "close");
  sendError(response, error.status, "BAD_REQUEST", error.message);
}
