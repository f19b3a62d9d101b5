import { presentCursor } from "@muster/events/locate.ts";
import { formatId } from "@muster/domain/ids.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Fixture } from "../../test/fixtures.ts";
import { addWebhook, appendLog, createWebhookFixture, deliveriesOf, queueAll } from "../../test/webhooks.ts";
import { newId } from "../new-id.ts";
import { replayWebhook } from "./replay-webhook.ts";
import { getWebhooks } from "./webhook-queries.ts";

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

describe("replayWebhook", () => {
  const versions = (subjectId: string, count: number) =>
    Array.from({ length: count }, (_, at) => ({ subjectId, version: at + 1 }));

  it("sends again what comes after a cursor, in place of what waits, and goes forth as well", async () => {
    const { webhook } = await addWebhook(fixture, NOWHERE);
    const webhookId = webhook.id;
    await appendLog(fixture, versions(newId(), 4));
    await queueAll(fixture.runtime);
    const [, second] = await fixture.database.query<{ body: string }>(
      sql`select body from webhook_deliveries where webhook_id = ${webhookId} order by number`,
    );
    const { cursor } = JSON.parse(second?.body ?? "") as { cursor: string };
    await replayWebhook(fixture.runtime, fixture.admin, { webhookId, after: cursor, reason: "lost there" });
    await queueAll(fixture.runtime);
    const all = await deliveriesOf(fixture, webhookId);
    expect(all.map(({ state }) => state)).toEqual([...Array<string>(4).fill("SKIPPED"), "PENDING", "PENDING"]);
    expect(all.slice(4).map(({ eventId }) => eventId)).toEqual(all.slice(2, 4).map(({ eventId }) => eventId));
    expect(all[4]?.id).not.toBe(all[2]?.id);
    const present = await presentCursor(fixture.database);
    await replayWebhook(fixture.runtime, fixture.admin, { webhookId, after: present, reason: "leave it" });
    await queueAll(fixture.runtime);
    expect((await deliveriesOf(fixture, webhookId)).filter(({ state }) => state === "PENDING")).toEqual([]);
    expect((await eventsOf(webhookId)).at(-1)).toMatchObject({
      type: "webhook.replayed",
      reason: "leave it",
      payload: { skipped: 2 },
    });
  });

  it("begins with the first event of a time", async () => {
    const subjectId = newId();
    await appendLog(fixture, versions(subjectId, 2));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const since = new Date();
    await appendLog(fixture, versions(subjectId, 5).slice(2));
    const { webhook } = await addWebhook(fixture, NOWHERE, { subjects: [formatId("agent", subjectId)] });
    const replay = (time: Date) =>
      replayWebhook(fixture.runtime, fixture.admin, { webhookId: webhook.id, since: time, reason: "again" });
    const pending = async () =>
      (await deliveriesOf(fixture, webhook.id)).filter(({ state }) => state === "PENDING").length;
    await replay(since);
    await appendLog(fixture, [{ subjectId, version: 6 }]);
    await queueAll(fixture.runtime);
    expect(await pending()).toBe(4);
    await replay(new Date("2000-01-01"));
    await queueAll(fixture.runtime);
    expect(await pending()).toBe(6);
    await replay(new Date("2999-01-01"));
    await queueAll(fixture.runtime);
    expect(await pending()).toBe(0);
  });

  it("refuses what is no place in the log, and asks for exactly one", async () => {
    const { webhook } = await addWebhook(fixture, NOWHERE);
    const replay = (place: object) =>
      replayWebhook(fixture.runtime, fixture.admin, { webhookId: webhook.id, reason: "x", ...place });
    for (const place of [{}, { after: "nonsense" }, { after: webhook.cursor, since: new Date() }]) {
      await expect(replay(place)).rejects.toMatchObject({ code: "INVALID_INPUT", issues: [{ path: ["after"] }] });
    }
    expect(await getWebhooks(fixture.runtime, fixture.admin, [webhook.id])).toMatchObject([
      { cursor: webhook.cursor, version: 1 },
    ]);
  });
});
