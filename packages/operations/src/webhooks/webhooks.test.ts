import { formatId } from "@muster/domain/ids.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addProject, type Fixture, only } from "../../test/fixtures.ts";
import { addWebhook, createWebhookFixture } from "../../test/webhooks.ts";
import { newId } from "../new-id.ts";
import { createWebhook } from "./create-webhook.ts";
import { deleteWebhook } from "./delete-webhook.ts";
import { pauseWebhook, resumeWebhook } from "./move-webhook.ts";
import { updateWebhook } from "./update-webhook.ts";
import { getWebhooks, listWebhooks } from "./webhook-queries.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createWebhookFixture();
});
afterAll(() => fixture.close());

const NOWHERE = "http://127.0.0.1:9/hook";

async function eventsOf(webhookId: string) {
  return fixture.database.query<{ type: string; version: number; reason: string | null; payload: object }>(
    sql`select type, subject_version as version, reason, payload from events where subject_id = ${webhookId} order by id`,
  );
}

describe("webhooks", () => {
  it("are made, changed, paused, resumed and deleted, each with an event that does not tell the address", async () => {
    const { runtime, admin, projectId } = fixture;
    const { webhook, secret } = await addWebhook(fixture, NOWHERE, { types: ["agent.transitioned"] });
    const webhookId = webhook.id;
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(webhook).toMatchObject({ state: "ACTIVE", version: 1, filter: { types: ["agent.transitioned"] } });
    expect(JSON.stringify(webhook)).not.toContain('secret"');
    const agent = formatId("agent", newId());
    const changed = await updateWebhook(runtime, admin, { webhookId, filter: { agents: [agent] }, expectedVersion: 1 });
    expect(changed).toMatchObject({ version: 2, filter: { agents: [agent] }, url: NOWHERE });
    expect(await updateWebhook(runtime, admin, { webhookId, filter: { agents: [agent] } })).toMatchObject({
      version: 2,
    });
    await expect(updateWebhook(runtime, admin, { webhookId, name: "x", expectedVersion: 1 })).rejects.toMatchObject({
      code: "CONFLICT",
    });
    expect(await pauseWebhook(runtime, admin, { webhookId, reason: "for now" })).toMatchObject({
      state: "PAUSED",
      pausedReason: "for now",
    });
    await expect(pauseWebhook(runtime, admin, { webhookId, reason: "again" })).rejects.toMatchObject({
      code: "ILLEGAL_TRANSITION",
      allowed: ["RESUME"],
    });
    expect(await resumeWebhook(runtime, admin, { webhookId, reason: "on" })).toMatchObject({
      state: "ACTIVE",
      pausedReason: null,
    });
    const listed = await only(listWebhooks(runtime, admin, [projectId], {}));
    expect(listed.edges.map(({ node }) => node.id)).toContain(webhookId);
    await deleteWebhook(runtime, admin, { webhookId, reason: "done" });
    expect(await getWebhooks(runtime, admin, [webhookId])).toEqual([]);
    const happened = await eventsOf(webhookId);
    expect(happened.map(({ type, version, reason }) => [type, version, reason])).toEqual([
      ["webhook.created", 1, null],
      ["webhook.updated", 2, null],
      ["webhook.paused", 3, "for now"],
      ["webhook.resumed", 4, "on"],
      ["webhook.deleted", 5, "done"],
    ]);
    expect(JSON.stringify(happened)).not.toContain("127.0.0.1");
  });

  it("keep no secret in the database in clear", async () => {
    const { webhook, secret } = await addWebhook(fixture, NOWHERE);
    const [row] = await fixture.database.query<{ text: string }>(
      sql`select w::text as text from webhooks w where id = ${webhook.id}`,
    );
    expect(row?.text).toContain("v1.");
    for (const encoding of ["base64", "base64url", "hex"] as const) {
      expect(row?.text).not.toContain(Buffer.from(secret.slice(6), "base64").toString(encoding).slice(0, 20));
    }
  });

  it("refuse a taken name, a bad address, a wrong filter and the hundred-and-first of a project", async () => {
    const { runtime, admin, projectId } = fixture;
    const { webhook } = await addWebhook(fixture, NOWHERE);
    const make = (more: object, project = projectId) =>
      createWebhook(runtime, admin, { projectId: project, name: "another", url: NOWHERE, ...more });
    const refused = (path: string[]) => ({ code: "INVALID_INPUT", issues: [{ path }] });
    await expect(make({ name: webhook.name })).rejects.toMatchObject(refused(["name"]));
    await expect(make({ url: "https://10.0.0.1/" })).rejects.toMatchObject(refused(["url"]));
    await expect(make({ filter: { agents: ["task_01h455vb4pex5vsknk084sn02q"] } })).rejects.toMatchObject(
      refused(["filter", "agents", "0"]),
    );
    await expect(make({ filter: { states: ["NONE"] } })).rejects.toMatchObject(refused(["filter", "states", "0"]));
    await expect(updateWebhook(runtime, admin, { webhookId: webhook.id, url: "nonsense" })).rejects.toMatchObject(
      refused(["url"]),
    );
    const place = await addProject(fixture.database);
    for (let count = 0; count < 100; count += 1) await make({ name: `hook ${count}` }, place.projectId);
    await expect(make({}, place.projectId)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
    await fixture.database.query(sql`delete from webhooks where project_id = ${place.projectId}`);
  });
});
