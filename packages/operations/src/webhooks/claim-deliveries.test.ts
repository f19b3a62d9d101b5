import { openDatabase } from "@muster/database/database.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
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
import type { Runtime } from "../runtime.ts";
import { claimDeliveries } from "./claim-deliveries.ts";
import { finishDelivery } from "./finish-delivery.ts";
import { pauseWebhook } from "./move-webhook.ts";
import { getWebhooks } from "./webhook-queries.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createWebhookFixture();
});
afterAll(() => fixture.close());

const versions = (subjectId: string, count: number) =>
  Array.from({ length: count }, (_, at) => ({ subjectId, version: at + 1 }));
const SENT = { status: 200, error: null, excerpt: null, durationMs: 1 };
const REFUSED = { status: 500, error: "Answered 500.", excerpt: null, durationMs: 1 };

async function webhookOf(id: string) {
  const [webhook] = await getWebhooks(fixture.runtime, fixture.admin, [id]);
  if (!webhook) throw new Error("no webhook");
  return webhook;
}

describe("claimDeliveries", () => {
  it("has at most eight of a webhook under way, and after a failure one", async () => {
    const silent = await startReceiver(() => "never");
    const { webhook } = await addWebhook(fixture, silent.url);
    await appendLog(
      fixture,
      Array.from({ length: 12 }, () => ({ subjectId: newId(), version: 1 })),
    );
    await queueAll(fixture.runtime);
    const mine = async (runtime: Runtime) =>
      (await claimDeliveries(runtime, 64)).filter(({ webhookId }) => webhookId === webhook.id);
    const claimed = await mine(fixture.runtime);
    expect(claimed).toHaveLength(8);
    expect(await mine(fixture.runtime)).toEqual([]);
    for (const delivery of claimed) await finishDelivery(fixture.runtime, delivery, REFUSED);
    const wait = (webhookMs: number, deliveriesMs: number) =>
      fixture.database.query(sql`
        with gate as (update webhooks set retry_at = clock_timestamp() + ${webhookMs} * interval '1 millisecond' where id = ${webhook.id})
        update webhook_deliveries set next_attempt_at = clock_timestamp() + ${deliveriesMs} * interval '1 millisecond' where webhook_id = ${webhook.id}`);
    await wait(60_000, -1);
    expect(await mine(fixture.runtime)).toEqual([]);
    await wait(-1, 60_000);
    expect(await mine(fixture.runtime)).toEqual([]);
    await wait(-1, -1);
    expect(await mine(fixture.runtime)).toHaveLength(1);
    await pauseWebhook(fixture.runtime, fixture.admin, { webhookId: webhook.id, reason: "test" });
  });

  it("sends again what a process took and never finished, and does not believe it afterwards", async () => {
    const hurried = {
      ...fixture.runtime,
      settings: { ...fixture.runtime.settings, webhooks: { ...fixture.runtime.settings.webhooks, leaseMs: 50 } },
    };
    const receiver = await startReceiver();
    const { webhook } = await addWebhook(fixture, receiver.url);
    await appendLog(fixture, versions(newId(), 2));
    await queueAll(fixture.runtime);
    const [lost] = (await claimDeliveries(hurried, 64)).filter(({ webhookId }) => webhookId === webhook.id);
    expect(lost).toMatchObject({ attempts: 1 });
    if (!lost) return;
    await new Promise((resolve) => setTimeout(resolve, 60));
    const [again] = (await claimDeliveries(fixture.runtime, 64)).filter(({ webhookId }) => webhookId === webhook.id);
    expect(again).toMatchObject({ id: lost.id, attempts: 2 });
    await finishDelivery(fixture.runtime, lost, SENT);
    expect((await deliveriesOf(fixture, webhook.id))[0]).toMatchObject({ state: "PENDING", attempts: 2 });
    await finishDelivery(fixture.runtime, lost, REFUSED);
    expect(await webhookOf(webhook.id)).toMatchObject({ failures: 0 });
    if (again) await finishDelivery(fixture.runtime, again, SENT);
    startSenders(fixture.runtime);
    await until(
      () => deliveriesOf(fixture, webhook.id),
      (all) => all.every(({ state }) => state === "SUCCEEDED"),
    );
    expect(receiver.accepted.map(({ body }) => body.event?.subjectVersion)).toEqual([2]);
  });

  it("never hands two of a subject, or one twice, to processes that take at the same time", async () => {
    const { webhook } = await addWebhook(fixture, "http://127.0.0.1:9/");
    const subjects = Array.from({ length: 8 }, () => newId());
    await appendLog(
      fixture,
      subjects.flatMap((id) => versions(id, 5)),
    );
    await queueAll(fixture.runtime);
    const pools = Array.from({ length: 6 }, () => openDatabase({ url: fixture.url, connections: 2 }));
    onTestFinished(async () => {
      await Promise.all(pools.map((pool) => pool.close()));
    });
    const order = new Map<string, string[]>();
    const underWay = new Set<string>();
    let clashes = 0;
    const subjectOf = new Map(
      (
        await fixture.database.query<{ id: string; subject: string }>(
          sql`select id, subject_id as subject from webhook_deliveries where webhook_id = ${webhook.id}`,
        )
      ).map(({ id, subject }) => [id, subject]),
    );
    await Promise.all(
      pools.map(async (database) => {
        const runtime = { ...fixture.runtime, database };
        for (let idle = 0; idle < 40;) {
          const claimed = (await claimDeliveries(runtime, 3)).filter(({ webhookId }) => webhookId === webhook.id);
          idle = claimed.length === 0 ? idle + 1 : 0;
          for (const delivery of claimed) {
            const subject = subjectOf.get(delivery.id) ?? "";
            if (underWay.has(subject)) clashes += 1;
            underWay.add(subject);
            order.set(subject, [...(order.get(subject) ?? []), delivery.id]);
          }
          for (const delivery of claimed) {
            underWay.delete(subjectOf.get(delivery.id) ?? "");
            await finishDelivery(runtime, delivery, SENT);
          }
        }
      }),
    );
    const queued = await deliveriesOf(fixture, webhook.id);
    expect(clashes).toBe(0);
    for (const [subject, ids] of order) {
      expect(ids).toEqual(queued.filter(({ id }) => subjectOf.get(id) === subject).map(({ id }) => id));
    }
    expect(order.size).toBe(8);
  });
});
