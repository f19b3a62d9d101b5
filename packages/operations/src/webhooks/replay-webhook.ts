import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { cursorAtTime } from "@muster/events/cursor-at-time.ts";
import { locateCursor } from "@muster/events/locate.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { time } from "../events/event-filter.ts";
import { parseInput, text } from "../input.ts";
import { processOf, type Runtime, write } from "../runtime.ts";
import { CHANGED, webhookEvents } from "./webhook-event.ts";
import { getWebhooks } from "./webhook-queries.ts";
import { type Webhook, webhookColumns } from "./webhook.ts";

const ReplayWebhook = z
  .object({
    webhookId: z.uuid(),
    /** A cursor of the project's feed. */
    after: text(131_072).nullish(),
    since: time.nullish(),
    reason: text(1_000),
  })
  .refine(({ after, since }) => Boolean(after) !== Boolean(since), {
    path: ["after"],
    message: "say either after which cursor, or since when: one of the two.",
  });
export type ReplayWebhookInput = z.input<typeof ReplayWebhook>;

const replayStatement = statement<Webhook>(`
  with replayed as (
    update webhooks w set cursor = $8, ${CHANGED} where w.id = $7 and ${inReach("w")} returning w.*
  ),
  skipped as (
    update webhook_deliveries d
    set state = 'SKIPPED', skip_reason = 'replayed: ' || $9::text, finished_at = clock_timestamp(), lease_until = null
    from replayed where d.webhook_id = replayed.id and d.state = 'PENDING' returning d.id
  ),
  happened as (${webhookEvents("replayed", {
    type: "webhook.replayed",
    payload: "jsonb_build_object('skipped', (select count(*) from skipped), 'since', $10::timestamptz)",
    reason: "$9",
  })}),
  appended as (${appendEvents("happened")})
  select ${webhookColumns("replayed")} from replayed`);

/**
 * Moves a webhook to another place in the feed, back or forth: it is sent the events after `after`, or since `since`, as
 * new deliveries. What was queued and not delivered is skipped, because the new place says what comes. Throws `NotFound`, and
 * `InvalidInput` when the log no longer has, or never had, what comes after that place.
 */
export async function replayWebhook(runtime: Runtime, caller: Caller, input: ReplayWebhookInput): Promise<Webhook> {
  caller = authorize(caller, "webhook.manage");
  const { webhookId, after, since, reason } = parseInput(ReplayWebhook, input);
  const [webhook] = await getWebhooks(runtime, caller, [webhookId]);
  if (!webhook) throw new NotFound("webhook");
  // Positions are of the installation's one log; only numbers come back.
  const log = processOf(runtime).database;
  const cursor = after ?? (await cursorAtTime(log, since ?? new Date()));
  const located = await locateCursor(log, cursor, { projectId: webhook.projectId });
  if ("reason" in located) {
    const message =
      located.reason === "CURSOR_EXPIRED"
        ? "The log no longer has all the events since then. Choose a later place."
        : "This is no cursor of this installation's feed.";
    throw new InvalidInput([{ path: [after ? "after" : "since"], message }]);
  }
  const [replayed] = await write(runtime, replayStatement, [
    ...callerValues(caller),
    webhookId,
    cursor,
    reason,
    since?.toISOString() ?? null,
  ]);
  if (!replayed) throw new NotFound("webhook");
  return replayed;
}
