import { PERMISSIONS, type Permission } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, addProject, callerOf, type Fixture, only } from "../../test/fixtures.ts";
import {
  addWebhook,
  appendLog,
  createWebhookFixture,
  deliveriesOf,
  queueAll,
  startReceiver,
} from "../../test/webhooks.ts";
import { newId } from "../new-id.ts";
import { createWebhook } from "./create-webhook.ts";
import { deleteWebhook } from "./delete-webhook.ts";
import { getLastDeliveries, getWebhookDeliveries, listWebhookDeliveries } from "./delivery-queries.ts";
import { pauseWebhook, resumeWebhook } from "./move-webhook.ts";
import { replayWebhook } from "./replay-webhook.ts";
import { retryWebhookDelivery, skipWebhookDelivery } from "./retry-or-skip-delivery.ts";
import { rotateWebhookSecret } from "./rotate-webhook-secret.ts";
import { testWebhook } from "./test-webhook.ts";
import { updateWebhook } from "./update-webhook.ts";
import { countPendingDeliveries, getWebhooks, listWebhooks } from "./webhook-queries.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createWebhookFixture();
});
afterAll(() => fixture.close());

async function eventsOf(webhookId: string) {
  return fixture.database.query<{ type: string; version: number; reason: string | null; payload: object }>(
    sql`select type, subject_version as version, reason, payload from events where subject_id = ${webhookId} order by id`,
  );
}

describe("who may do what with webhooks", () => {
  it("asks for the permission, and answers for what is another's as for what is not there", async () => {
    const { runtime, admin, projectId } = fixture;
    const receiver = await startReceiver();
    const { webhook } = await addWebhook(fixture, receiver.url);
    const webhookId = webhook.id;
    await testWebhook(runtime, admin, { webhookId });
    await appendLog(fixture, [{ subjectId: newId(), version: 1 }]);
    await queueAll(runtime);
    const deliveryId = (await deliveriesOf(fixture, webhookId)).at(-1)?.id ?? "";
    const other = await addProject(fixture.database);
    const stranger = callerOf({ kind: "API_KEY", name: "stranger", reach: other, permissions: new Set(PERMISSIONS) });
    const without = (permission: Permission) =>
      callerOf({
        kind: "API_KEY",
        name: "limited",
        permissions: new Set(PERMISSIONS.filter((one) => one !== permission)),
      });
    const { caller: agent } = await addAgent(fixture, "curious");
    const url = receiver.url;
    const changes = {
      createWebhook: (caller = admin) => createWebhook(runtime, caller, { projectId, name: "new", url }),
      updateWebhook: (caller = admin) => updateWebhook(runtime, caller, { webhookId, name: "new" }),
      pauseWebhook: (caller = admin) => pauseWebhook(runtime, caller, { webhookId, reason: "x" }),
      resumeWebhook: (caller = admin) => resumeWebhook(runtime, caller, { webhookId, reason: "x" }),
      rotateWebhookSecret: (caller = admin) => rotateWebhookSecret(runtime, caller, { webhookId }),
      testWebhook: (caller = admin) => testWebhook(runtime, caller, { webhookId }),
      replayWebhook: (caller = admin) =>
        replayWebhook(runtime, caller, { webhookId, after: webhook.cursor, reason: "x" }),
      retryWebhookDelivery: (caller = admin) => retryWebhookDelivery(runtime, caller, { deliveryId }),
      skipWebhookDelivery: (caller = admin) => skipWebhookDelivery(runtime, caller, { deliveryId, reason: "x" }),
      deleteWebhook: (caller = admin) => deleteWebhook(runtime, caller, { webhookId, reason: "x" }),
    };
    const before = receiver.received.length;
    for (const [name, change] of Object.entries(changes)) {
      await expect(change(stranger), name).rejects.toMatchObject({ code: "NOT_FOUND" });
      await expect(change(without("webhook.manage")), name).rejects.toMatchObject({
        code: "FORBIDDEN",
        permission: "webhook.manage",
      });
      await expect(change(agent), name).rejects.toMatchObject({ code: "FORBIDDEN" });
    }
    expect(receiver.received).toHaveLength(before);
    expect(await eventsOf(webhookId)).toHaveLength(1);
    const reads = {
      getWebhooks: (caller = admin) => getWebhooks(runtime, caller, [webhookId]),
      getWebhookDeliveries: (caller = admin) => getWebhookDeliveries(runtime, caller, [deliveryId]),
      listWebhooks: async (caller = admin) => (await only(listWebhooks(runtime, caller, [projectId], {}))).edges,
      listWebhookDeliveries: async (caller = admin) =>
        (await only(listWebhookDeliveries(runtime, caller, [webhookId], { page: {} }))).edges,
      countPendingDeliveries: async (caller = admin) =>
        [...(await countPendingDeliveries(runtime, caller, [webhookId])).values()].filter((count) => count > 0),
      getLastDeliveries: async (caller = admin) => [...(await getLastDeliveries(runtime, caller, [webhookId])).keys()],
    };
    for (const [name, read] of Object.entries(reads)) {
      expect(await read(), name).not.toEqual([]);
      expect(await read(stranger), name).toEqual([]);
      await expect(read(without("webhook.read")), name).rejects.toMatchObject({
        code: "FORBIDDEN",
        permission: "webhook.read",
      });
      await expect(read(agent), name).rejects.toMatchObject({ code: "FORBIDDEN" });
    }
  });
});
