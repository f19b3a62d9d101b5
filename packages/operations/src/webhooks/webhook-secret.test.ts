import { webcrypto } from "node:crypto";
import { formatId } from "@muster/domain/ids.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Fixture } from "../../test/fixtures.ts";
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
import { getLastDeliveries } from "./delivery-queries.ts";
import { pauseWebhook } from "./move-webhook.ts";
import { retryWebhookDelivery } from "./retry-or-skip-delivery.ts";
import { rotateWebhookSecret } from "./rotate-webhook-secret.ts";
import { testWebhook } from "./test-webhook.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createWebhookFixture();
});
afterAll(() => fixture.close());

/** The check as the specification of Standard Webhooks words it, by another library than the one that signs. */
async function verifies(secret: string, { headers, text }: Received): Promise<boolean> {
  const key = await webcrypto.subtle.importKey(
    "raw",
    Buffer.from(secret.replace(/^whsec_/, ""), "base64"),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["verify"],
  );
  const age = Date.now() / 1000 - Number(headers["webhook-timestamp"]);
  const signed = new TextEncoder().encode(
    `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${text}`,
  );
  const signatures = String(headers["webhook-signature"]).split(" ");
  const checks = signatures.map((signature) => {
    const [version, value = ""] = signature.split(",");
    return version === "v1" && webcrypto.subtle.verify("HMAC", key, Buffer.from(value, "base64"), signed);
  });
  return Math.abs(age) < 300 && (await Promise.all(checks)).includes(true);
}

describe("what webhooks are sent", () => {
  it("are sent what the receiver can check with the secret alone", async () => {
    const receiver = await startReceiver();
    const { webhook, secret } = await addWebhook(fixture, receiver.url);
    const subjectId = newId();
    await appendLog(fixture, [{ subjectId, version: 7 }]);
    await queueAll(fixture.runtime);
    startSenders(fixture.runtime);
    await until(
      () => receiver.accepted.length,
      (count) => count === 1,
    );
    const [received] = receiver.accepted;
    if (!received) return;
    expect(received.body).toMatchObject({
      type: "agent.transitioned",
      project: formatId("project", fixture.projectId),
      event: {
        id: expect.stringMatching(/^event_\d+$/),
        subjectId: formatId("agent", subjectId),
        subjectVersion: 7,
        actor: { kind: "SYSTEM", id: null, name: "test" },
        payload: { text: 'ünïcode "quoted"' },
      },
    });
    expect(received.body.cursor).toEqual(expect.any(String));
    expect(await verifies(secret, received)).toBe(true);
    expect(await verifies(secret, { ...received, text: received.text.replace("7", "8") })).toBe(false);
    expect(await verifies(secret, { ...received, headers: { ...received.headers, "webhook-id": "whd_other" } })).toBe(
      false,
    );
    expect(await verifies(`whsec_${Buffer.alloc(32).toString("base64")}`, received)).toBe(false);
    // The second secret is the newer one; for a day the first is good as well.
    const { secret: newer, webhook: rotated } = await rotateWebhookSecret(fixture.runtime, fixture.admin, {
      webhookId: webhook.id,
    });
    expect(rotated.previousSecretUntil?.getTime()).toBeGreaterThan(Date.now() + 86_000_000);
    await testWebhook(fixture.runtime, fixture.admin, { webhookId: webhook.id });
    const between = receiver.accepted[1];
    await fixture.database.query(sql`update webhooks set previous_secret_until = now() where id = ${webhook.id}`);
    await testWebhook(fixture.runtime, fixture.admin, { webhookId: webhook.id });
    const after = receiver.accepted[2];
    if (!between || !after) throw new Error("not received");
    expect([await verifies(secret, between), await verifies(newer, between)]).toEqual([true, true]);
    expect([await verifies(secret, after), await verifies(newer, after)]).toEqual([false, true]);
  });

  it("get a new secret also when the encryption key is lost", async () => {
    const receiver = await startReceiver();
    const { webhook } = await addWebhook(fixture, receiver.url);
    const { settings } = fixture.runtime;
    const runtime = {
      ...fixture.runtime,
      settings: { ...settings, encryptionKey: Buffer.alloc(32, 3) },
    };
    const failed = await testWebhook(runtime, fixture.admin, { webhookId: webhook.id });
    expect(failed).toMatchObject({
      state: "FAILED",
      lastStatus: null,
      lastError: expect.stringContaining("MUSTER_ENCRYPTION_KEY"),
    });
    const { secret, webhook: rotated } = await rotateWebhookSecret(runtime, fixture.admin, { webhookId: webhook.id });
    expect(rotated.previousSecretUntil).toBeNull();
    expect(await testWebhook(runtime, fixture.admin, { webhookId: webhook.id })).toMatchObject({ state: "SUCCEEDED" });
    expect(receiver.accepted[0] && (await verifies(secret, receiver.accepted[0]))).toBe(true);
  });

  it("are tested once, also while paused, and the log tells how that went", async () => {
    const receiver = await startReceiver((_received, count) => (count === 1 ? 200 : 500));
    const { webhook } = await addWebhook(fixture, receiver.url);
    await pauseWebhook(fixture.runtime, fixture.admin, { webhookId: webhook.id, reason: "test" });
    const test = () => testWebhook(fixture.runtime, fixture.admin, { webhookId: webhook.id });
    expect(await test()).toMatchObject({
      type: "muster.test",
      state: "SUCCEEDED",
      lastStatus: 200,
      attempts: 1,
      responseExcerpt: "answered 200",
    });
    const failed = await test();
    expect(failed).toMatchObject({ state: "FAILED", lastStatus: 500, lastError: "Answered 500." });
    expect((await deliveriesOf(fixture, webhook.id)).map(({ state }) => state)).toEqual(["SUCCEEDED", "FAILED"]);
    const last = await getLastDeliveries(fixture.runtime, fixture.admin, [webhook.id]);
    expect(last.get(webhook.id)).toMatchObject({ id: failed.id });
    await expect(retryWebhookDelivery(fixture.runtime, fixture.admin, { deliveryId: failed.id })).rejects.toMatchObject(
      { code: "CONFLICT" },
    );
  });
});
