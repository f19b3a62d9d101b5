import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fixture } from "../../test/fixtures.ts";
import {
  addWebhook,
  appendLog,
  createWebhookFixture,
  deliveriesOf,
  queueAll,
  startReceiver,
  startSenders,
  until,
} from "../../test/webhooks.ts";
import { newId } from "../new-id.ts";
import { claimDeliveries } from "./claim-deliveries.ts";
import { pauseWebhook, resumeWebhook } from "./move-webhook.ts";
import { removeOldDeliveries } from "./remove-old-deliveries.ts";
import { replayWebhook } from "./replay-webhook.ts";
import { retryWebhookDelivery, skipWebhookDelivery } from "./retry-or-skip-delivery.ts";
import { rotateWebhookSecret } from "./rotate-webhook-secret.ts";
import { updateWebhook } from "./update-webhook.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createWebhookFixture();
});
afterAll(() => fixture.close());

describe("webhooks under everything at once", () => {
  it("never lock each other out, and have delivered all in the end", async () => {
    let healthy = false;
    const receiver = await startReceiver(() => (healthy || Math.random() < 0.6 ? 200 : 500));
    const { webhook } = await addWebhook(fixture, receiver.url);
    const { runtime, admin } = fixture;
    const webhookId = webhook.id;
    const subjects = Array.from({ length: 8 }, () => newId());
    let version = 0;
    // Somebody else was first, with the webhook or with a delivery that is forgotten by now.
    const expected = new Set(["CONFLICT", "ILLEGAL_TRANSITION", "NOT_FOUND"]);
    const operators = [
      () => pauseWebhook(runtime, admin, { webhookId, reason: "x" }),
      () => resumeWebhook(runtime, admin, { webhookId, reason: "x" }),
      () => rotateWebhookSecret(runtime, admin, { webhookId }),
      () => updateWebhook(runtime, admin, { webhookId, name: `name ${version}` }),
      () => replayWebhook(runtime, admin, { webhookId, after: webhook.cursor, reason: "x" }),
      () => removeOldDeliveries(runtime, 50),
      ...[retryWebhookDelivery, skipWebhookDelivery].map((change) => async () => {
        const [one] = await fixture.database.query<{ id: string }>(
          sql`select id from webhook_deliveries where webhook_id = ${webhookId} order by random() limit 1`,
        );
        if (one) await change(runtime, admin, { deliveryId: one.id, reason: "x" });
      }),
    ];
    startSenders(runtime, 3);
    const end = performance.now() + 3_000;
    const unexpected: unknown[] = [];
    const repeat = async (work: () => Promise<unknown>, restMs: number) => {
      while (performance.now() < end) {
        await work().catch((error: unknown) => {
          if (!expected.has((error as { code: string }).code)) unexpected.push(error);
        });
        await new Promise((resolve) => setTimeout(resolve, Math.random() * restMs));
      }
    };
    await Promise.all([
      ...operators.map((operate) => repeat(operate, 60)),
      ...operators.map((operate) => repeat(operate, 60)),
      repeat(async () => {
        version += 1;
        await appendLog(
          fixture,
          subjects.map((subjectId) => ({ subjectId, version })),
        );
      }, 60),
      ...Array.from({ length: 3 }, () => repeat(() => queueAll(runtime), 10)),
    ]);
    expect(unexpected).toEqual([]);
    healthy = true;
    await resumeWebhook(runtime, admin, { webhookId, reason: "x" }).catch(() => {});
    await replayWebhook(runtime, admin, { webhookId, after: webhook.cursor, reason: "all of it" });
    const before = receiver.accepted.length;
    const events = await fixture.database.query<{ id: string }>(
      sql`select 'event_' || id as id from events where type = 'agent.transitioned'`,
    );
    // A sender that has the webhook's row turns one look at the log away; the next one finds the rest.
    await until(
      async () => {
        await queueAll(runtime);
        const replayed = new Set(receiver.accepted.slice(before).map(({ body }) => body.event?.id));
        return events.map(({ id }) => id).filter((id) => !replayed.has(id));
      },
      (ids) => ids.length === 0,
    );
  });

  it("give back what is under way when a process stops, and count it for nothing", async () => {
    const silent = await startReceiver(() => "never");
    const { webhook } = await addWebhook(fixture, silent.url);
    await appendLog(fixture, [{ subjectId: newId(), version: 1 }]);
    await queueAll(fixture.runtime);
    const [sender] = startSenders(fixture.runtime);
    await until(
      () => silent.received.length,
      (count) => count === 1,
    );
    await sender?.stop();
    expect(await deliveriesOf(fixture, webhook.id)).toMatchObject([{ state: "PENDING", attempts: 1, failures: 0 }]);
    expect(await claimDeliveries(fixture.runtime, 1)).toMatchObject([{ webhookId: webhook.id, attempts: 2 }]);
  });
});
