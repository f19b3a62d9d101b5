import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { IllegalTransition, NotFound } from "@muster/domain/errors.ts";
import { allowedActions } from "@muster/domain/lifecycle.ts";
import { type WebhookAction, webhookLifecycle } from "@muster/domain/webhook-lifecycle.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import { targetOf } from "../lifecycle-sql.ts";
import { type Runtime, write } from "../runtime.ts";
import { CHANGED, webhookEvents } from "./webhook-event.ts";
import { type Webhook, webhookColumns } from "./webhook.ts";

const MoveWebhook = z.object({ webhookId: z.uuid(), reason: text(1_000) });
export type MoveWebhookInput = z.input<typeof MoveWebhook>;

const TYPES = { PAUSE: "webhook.paused", RESUME: "webhook.resumed" } as const satisfies Record<WebhookAction, string>;

/** A CTE of webhooks `w` that `action` moved, where `where` holds; `reason` is an SQL expression. */
export function movedWebhooks(action: WebhookAction, where: string, reason: string): string {
  const target = targetOf(webhookLifecycle, action, "w.state");
  // What resumes begins anew: nothing that failed before counts.
  const effect =
    action === "PAUSE" ? `paused_reason = ${reason}` : "paused_reason = null, failures = 0, retry_at = null";
  return `update webhooks w set state = ${target}, ${CHANGED}, state_since = greatest(clock_timestamp(), w.updated_at), ${effect}
    where ${where} and ${target} is not null returning w.*`;
}

/** The event of a move, for `appendEvents`. */
export function moveEvents(action: WebhookAction, source: string, reason: string): string {
  return webhookEvents(source, { type: TYPES[action], payload: "jsonb_build_object('to', state)", reason });
}

function moveStatement(action: WebhookAction, effect: string) {
  return statement<Webhook>(`
  with moved as (${movedWebhooks(action, `w.id = $7 and ${inReach("w")}`, "$8::text")}),
  ${effect} happened as (${moveEvents(action, "moved", "$8")}),
  appended as (${appendEvents("happened")})
  select ${webhookColumns("moved")} from moved`);
}

const MOVES = {
  PAUSE: moveStatement("PAUSE", ""),
  RESUME: moveStatement(
    "RESUME",
    `due as (update webhook_deliveries d set failures = 0, next_attempt_at = clock_timestamp()
       from moved where d.webhook_id = moved.id and d.state = 'PENDING'),`,
  ),
};

const stateOf = statement<Pick<Webhook, "state">>(`
  select w.state from webhooks w
  where w.id = $1 and ($2::uuid[] is null or w.workspace_id = any($2)) and ($3::uuid[] is null or w.project_id = any($3))`);

async function moveWebhook(
  runtime: Runtime,
  caller: Caller,
  action: WebhookAction,
  input: MoveWebhookInput,
): Promise<Webhook> {
  caller = authorize(caller, "webhook.manage");
  const { webhookId, reason } = parseInput(MoveWebhook, input);
  const [moved] = await write(runtime, MOVES[action], [...callerValues(caller), webhookId, reason]);
  if (moved) return moved;
  const [present] = await runtime.database.run(stateOf, [webhookId, ...reachOf(caller)]);
  if (!present) throw new NotFound("webhook");
  const allowed = allowedActions(webhookLifecycle, present.state, "operator");
  throw new IllegalTransition("webhook", present.state, action, allowed);
}

/**
 * Sends nothing more until the webhook is resumed; an attempt that is under way ends. Its events wait, for as long as the
 * log is kept. Throws `NotFound`, and `IllegalTransition` when it is paused.
 */
export function pauseWebhook(runtime: Runtime, caller: Caller, input: MoveWebhookInput): Promise<Webhook> {
  return moveWebhook(runtime, caller, "PAUSE", input);
}

/** Goes on with what waits, at once, and counts failures anew. Throws `NotFound`, and `IllegalTransition` when it is active. */
export function resumeWebhook(runtime: Runtime, caller: Caller, input: MoveWebhookInput): Promise<Webhook> {
  return moveWebhook(runtime, caller, "RESUME", input);
}
