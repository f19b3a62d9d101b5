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
import { retryWebhookDelivery, skipWebhookDelivery } from "./retry-or-skip-delivery.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createWebhookFixture();
});
afterAll(() => fixture.close());

const versions = (subjectId: string, count: number) =>
  Array.from({ length: count }, (_, at) => ({ subjectId, version: at + 1 }));

describe("an operator", () => {
  it("skips a delivery, so that the next of its subject is sent, and sends one again", async () => {
    const receiver = await startReceiver(({ body }) => (body.event?.subjectVersion === 1 ? 400 : 200));
    const { webhook } = await addWebhook(fixture, receiver.url);
    await appendLog(fixture, versions(newId(), 2));
    await queueAll(fixture.runtime);
    const [first] = await deliveriesOf(fixture, webhook.id);
    const deliveryId = first?.id ?? "";
    startSenders(fixture.runtime);
    await until(
      () => receiver.received.length,
      (count) => count > 1,
    );
    const { runtime, admin } = fixture;
    expect(await skipWebhookDelivery(runtime, admin, { deliveryId, reason: "malformed" })).toMatchObject({
      state: "SKIPPED",
      skipReason: "malformed",
    });
    await until(
      () => receiver.accepted.length,
      (count) => count === 1,
    );
    await expect(skipWebhookDelivery(runtime, admin, { deliveryId, reason: "again" })).rejects.toMatchObject({
      code: "CONFLICT",
    });
    const again = await retryWebhookDelivery(runtime, admin, { deliveryId });
    expect(again).toMatchObject({ state: "PENDING", eventId: first?.eventId, attempts: 0 });
    expect(again.id).not.toBe(deliveryId);
  });

  it("has a delivery that waits for its next attempt sent now", async () => {
    const patient = await createWebhookFixture({ firstRetryMs: 3_600_000, longestRetryMs: 3_600_000 });
    onTestFinished(() => patient.close());
    const receiver = await startReceiver((_received, count) => (count === 1 ? 500 : 200));
    const { webhook } = await addWebhook(patient, receiver.url);
    await appendLog(patient, versions(newId(), 1));
    await queueAll(patient.runtime);
    startSenders(patient.runtime);
    const [waiting] = await until(
      () => deliveriesOf(patient, webhook.id),
      ([one]) => one?.failures === 1,
    );
    await patient.database.query(
      sql`update webhooks set retry_at = clock_timestamp() + interval '1 hour' where id = ${webhook.id}`,
    );
    await retryWebhookDelivery(patient.runtime, patient.admin, { deliveryId: waiting?.id ?? "" });
    await until(
      () => receiver.accepted.length,
      (count) => count === 1,
    );
  });
});
