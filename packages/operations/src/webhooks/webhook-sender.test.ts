import { formatId } from "@muster/domain/ids.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Fixture } from "../../test/fixtures.ts";
import {
  addWebhook,
  appendLog,
  createWebhookFixture,
  deliveriesOf,
  queueAll,
  type Received,
  startReceiver,
  startSenders,
  until,
} from "../../test/webhooks.ts";
import { newId } from "../new-id.ts";
import { resumeWebhook } from "./move-webhook.ts";
import { getWebhooks } from "./webhook-queries.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createWebhookFixture();
});
afterAll(() => fixture.close());

const versions = (subjectId: string, count: number) =>
  Array.from({ length: count }, (_, at) => ({ subjectId, version: at + 1 }));

async function webhookOf(id: string) {
  const [webhook] = await getWebhooks(fixture.runtime, fixture.admin, [id]);
  if (!webhook) throw new Error("no webhook");
  return webhook;
}

/** Each subject's versions in the order in which the endpoint accepted them. */
function bySubject(accepted: readonly Received[]): Map<string, number[]> {
  const subjects = Map.groupBy(accepted, ({ body }) => body.event?.subjectId ?? "");
  return new Map([...subjects].map(([id, all]) => [id, all.map(({ body }) => body.event?.subjectVersion ?? 0)]));
}

describe("WebhookSender", () => {
  it("keeps each subject's order and loses nothing, whatever fails, with several processes at once", async () => {
    const receiver = await startReceiver(async () => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      return Math.random() < 0.25 ? 503 : 200;
    });
    const { webhook } = await addWebhook(fixture, receiver.url);
    const subjects = Array.from({ length: 6 }, () => newId());
    for (let version = 1; version <= 10; version += 1) {
      await appendLog(
        fixture,
        subjects.map((subjectId) => ({ subjectId, version })),
      );
    }
    await queueAll(fixture.runtime);
    startSenders(fixture.runtime, 4);
    await until(
      () => deliveriesOf(fixture, webhook.id),
      (all) => all.every(({ state }) => state === "SUCCEEDED"),
    );
    const expected = subjects.map((id) => [formatId("agent", id), Array.from({ length: 10 }, (_, at) => at + 1)]);
    expect([...bySubject(receiver.accepted)].toSorted()).toEqual(expected.toSorted());
    const failed = receiver.received.length - receiver.accepted.length;
    expect(failed).toBeGreaterThan(0);
    expect((await deliveriesOf(fixture, webhook.id)).reduce((sum, { attempts }) => sum + attempts, 0)).toBe(
      60 + failed,
    );
  });

  it("sends the same body and webhook-id at each attempt", async () => {
    const receiver = await startReceiver((_received, count) => (count < 3 ? 500 : 200));
    const { webhook } = await addWebhook(fixture, receiver.url);
    await appendLog(fixture, versions(newId(), 1));
    await queueAll(fixture.runtime);
    startSenders(fixture.runtime);
    await until(
      () => receiver.accepted.length,
      (count) => count === 1,
    );
    const [delivery] = await deliveriesOf(fixture, webhook.id);
    expect(new Set(receiver.received.map(({ text }) => text)).size).toBe(1);
    expect(receiver.received.map(({ headers }) => headers["webhook-id"])).toEqual(
      Array.from({ length: 3 }, () => formatId("webhookDelivery", delivery?.id ?? "")),
    );
  });

  it("pauses after too many failures with the reason, leaves nothing out, and goes on when it is resumed", async () => {
    // Once it is resumed, one more failure is one, and not the thirteenth.
    const receiver = await startReceiver((_received, count) => (count > 13 ? 200 : 500));
    const { webhook } = await addWebhook(fixture, receiver.url);
    await appendLog(fixture, versions(newId(), 3));
    await queueAll(fixture.runtime);
    startSenders(fixture.runtime, 2);
    const paused = await until(
      () => webhookOf(webhook.id),
      ({ state }) => state === "PAUSED",
    );
    expect(paused.pausedReason).toMatch(
      /^12 attempts to deliver whd_\w+ \(agent.transitioned\) failed. The last: Answered 500.$/,
    );
    expect(receiver.received).toHaveLength(12);
    expect((await deliveriesOf(fixture, webhook.id)).map(({ state }) => state)).toEqual([
      "PENDING",
      "PENDING",
      "PENDING",
    ]);
    const happened = await fixture.database.query<{ reason: string }>(
      sql`select reason from events where subject_id = ${webhook.id} and type = 'webhook.paused'`,
    );
    expect(happened).toEqual([{ reason: paused.pausedReason }]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(receiver.received).toHaveLength(12);
    await resumeWebhook(fixture.runtime, fixture.admin, { webhookId: webhook.id, reason: "repaired" });
    await until(
      () => receiver.accepted.length,
      (count) => count === 3,
    );
    const resumed = await until(
      () => webhookOf(webhook.id),
      ({ failures }) => failures === 0,
    );
    expect(resumed).toMatchObject({ state: "ACTIVE", pausedReason: null, retryAt: null });
    expect([...bySubject(receiver.accepted).values()]).toEqual([[1, 2, 3]]);
  });

  it("pauses at once when the endpoint is gone", async () => {
    const receiver = await startReceiver(() => 410);
    const { webhook } = await addWebhook(fixture, receiver.url);
    await appendLog(fixture, versions(newId(), 1));
    await queueAll(fixture.runtime);
    startSenders(fixture.runtime);
    const paused = await until(
      () => webhookOf(webhook.id),
      ({ state }) => state === "PAUSED",
    );
    expect(paused.pausedReason).toContain("410 Gone");
    expect(receiver.received).toHaveLength(1);
  });

  it("lets other subjects through while one delivery fails again and again", async () => {
    const poison = newId();
    const receiver = await startReceiver(({ body }) =>
      body.event?.subjectId === formatId("agent", poison) ? 400 : 200,
    );
    const { webhook } = await addWebhook(fixture, receiver.url);
    await appendLog(fixture, [
      ...versions(poison, 2),
      ...Array.from({ length: 20 }, () => ({ subjectId: newId(), version: 1 })),
    ]);
    await queueAll(fixture.runtime);
    const { settings } = fixture.runtime;
    startSenders({
      ...fixture.runtime,
      settings: { ...settings, webhooks: { ...settings.webhooks, attempts: 10_000 } },
    });
    const sent = await until(
      () => deliveriesOf(fixture, webhook.id),
      (all) => all.filter(({ state }) => state === "PENDING").length === 2,
    );
    expect(sent.slice(0, 2)).toMatchObject([{ state: "PENDING" }, { state: "PENDING", attempts: 0 }]);
  });

  it("harms no other webhook when an endpoint never answers", async () => {
    const slow = await createWebhookFixture({ timeoutMs: 2_000 });
    onTestFinished(() => slow.close());
    const [silent, prompt] = [await startReceiver(() => "never"), await startReceiver()];
    for (let count = 0; count < 7; count += 1) await addWebhook(slow, silent.url);
    await addWebhook(slow, prompt.url);
    await appendLog(
      slow,
      Array.from({ length: 40 }, () => ({ subjectId: newId(), version: 1 })),
    );
    await queueAll(slow.runtime);
    const begun = performance.now();
    startSenders(slow.runtime);
    // The project's other webhooks are events too: made before, so not among them.
    await until(
      () => prompt.accepted.length,
      (count) => count >= 40,
    );
    expect(performance.now() - begun).toBeLessThan(1_500);
    expect(silent.received.length).toBe(7 * 8);
  });

  it("pauses a webhook whose secret another encryption key has sealed, and counts no attempt against it", async () => {
    const receiver = await startReceiver();
    const { webhook } = await addWebhook(fixture, receiver.url);
    await appendLog(fixture, versions(newId(), 1));
    await queueAll(fixture.runtime);
    const { settings } = fixture.runtime;
    const other = { ...settings, encryptionKey: Buffer.alloc(32, 7) };
    startSenders({ ...fixture.runtime, settings: other });
    const paused = await until(
      () => webhookOf(webhook.id),
      ({ state }) => state === "PAUSED",
    );
    expect(paused.pausedReason).toContain("MUSTER_ENCRYPTION_KEY");
    expect(receiver.received).toEqual([]);
    expect(await deliveriesOf(fixture, webhook.id)).toMatchObject([{ state: "PENDING", failures: 0 }]);
  });
});
