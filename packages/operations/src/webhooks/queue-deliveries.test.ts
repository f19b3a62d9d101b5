import { decodeCursor } from "@muster/events/cursor.ts";
import { presentCursor, presentPosition } from "@muster/events/locate.ts";
import { recordWatermark } from "@muster/events/watermark.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addProject, type Fixture } from "../../test/fixtures.ts";
import { addWebhook, appendLog, createWebhookFixture, deliveriesOf, queueAll } from "../../test/webhooks.ts";
import { newId } from "../new-id.ts";
import { pauseWebhook, resumeWebhook } from "./move-webhook.ts";
import { queueDeliveries } from "./queue-deliveries.ts";
import { getWebhooks } from "./webhook-queries.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createWebhookFixture();
});
afterAll(() => fixture.close());

const URL = "http://127.0.0.1:9/hook";
const some = (count: number, subjectId = newId()) =>
  Array.from({ length: count }, (_, at) => ({ subjectId, version: at + 1 }));

async function cursorOf(webhookId: string): Promise<string> {
  const [webhook] = await getWebhooks(fixture.runtime, fixture.admin, [webhookId]);
  return webhook?.cursor ?? "";
}

describe("queueDeliveries", () => {
  it("queues what happens after a webhook was made, in order, and nothing twice", async () => {
    await appendLog(fixture, some(3));
    const { webhook } = await addWebhook(fixture, URL);
    const events = some(5);
    await appendLog(fixture, events);
    await queueAll(fixture.runtime);
    await queueAll(fixture.runtime);
    const queued = await deliveriesOf(fixture, webhook.id);
    expect(queued).toHaveLength(5);
    expect(queued.map(({ eventId }) => BigInt(eventId ?? 0))).toEqual(
      queued.map(({ eventId }) => BigInt(eventId ?? 0)).toSorted((a, b) => Number(a - b)),
    );
  });

  it("queues each event once when ten processes queue while others write, in small pages", async () => {
    const place = await addProject(fixture.database);
    const { webhook } = await addWebhook(fixture, URL, {}, place.projectId);
    const before = await fixture.database.query<{ id: string }>(
      sql`select coalesce(max(id), 0)::text as id from events`,
    );
    let writing = true;
    const writers = Array.from({ length: 4 }, async () => {
      for (let round = 0; round < 25; round += 1) await appendLog(fixture, some(4), place);
    });
    const queueing = Array.from({ length: 10 }, async () => {
      while (writing) await queueAll(fixture.runtime, { page: 7, lookUp: 50, window: 200 });
    });
    await Promise.all(writers);
    writing = false;
    await Promise.all(queueing);
    await queueAll(fixture.runtime);
    const there = await fixture.database.query<{ id: string }>(
      sql`select id::text from events where project_id = ${place.projectId} and id > ${before[0]?.id}::bigint and type <> 'webhook.created'`,
    );
    const queued = (await deliveriesOf(fixture, webhook.id)).map(({ eventId }) => eventId);
    expect(queued).toHaveLength(400);
    expect(queued.toSorted()).toEqual(there.map(({ id }) => id).toSorted());
  });

  it("asks the filter, and leaves out other projects and what is about the webhook itself", async () => {
    const [wanted, other] = [newId(), newId()];
    const { webhook: filtered } = await addWebhook(fixture, URL, { types: ["task.transitioned", "webhook.paused"] });
    const { webhook: all } = await addWebhook(fixture, URL);
    await appendLog(fixture, [
      { subjectId: wanted, version: 1, type: "task.transitioned" },
      { subjectId: other, version: 1 },
    ]);
    await appendLog(fixture, some(1), await addProject(fixture.database));
    await pauseWebhook(fixture.runtime, fixture.admin, { webhookId: all.id, reason: "test" });
    await resumeWebhook(fixture.runtime, fixture.admin, { webhookId: all.id, reason: "test" });
    await queueAll(fixture.runtime);
    expect((await deliveriesOf(fixture, filtered.id)).map(({ type }) => type)).toEqual([
      "task.transitioned",
      "webhook.paused",
    ]);
    expect((await deliveriesOf(fixture, all.id)).map(({ type }) => type)).toEqual([
      "task.transitioned",
      "agent.transitioned",
    ]);
  });

  it("leaves the queue in the log while a thousand wait, and while the webhook is paused", async () => {
    const { webhook } = await addWebhook(fixture, URL, { types: ["agent.busy"] });
    await appendLog(
      fixture,
      some(2_400).map((event) => ({ ...event, type: "agent.busy" })),
    );
    await queueAll(fixture.runtime);
    expect(await deliveriesOf(fixture, webhook.id)).toHaveLength(1_000);
    await queueAll(fixture.runtime);
    expect(await deliveriesOf(fixture, webhook.id)).toHaveLength(1_000);
    await fixture.database.query(sql`
      update webhook_deliveries set state = 'SUCCEEDED', finished_at = now() where webhook_id = ${webhook.id}`);
    await pauseWebhook(fixture.runtime, fixture.admin, { webhookId: webhook.id, reason: "test" });
    await queueAll(fixture.runtime);
    expect(await deliveriesOf(fixture, webhook.id)).toHaveLength(1_000);
    await resumeWebhook(fixture.runtime, fixture.admin, { webhookId: webhook.id, reason: "test" });
    await queueAll(fixture.runtime);
    expect(await deliveriesOf(fixture, webhook.id)).toHaveLength(2_000);
  });

  it("moves on where nothing matches, so that retention does not overtake it", async () => {
    const { webhook } = await addWebhook(fixture, URL, { types: ["nothing.happens"] });
    const before = await cursorOf(webhook.id);
    await appendLog(fixture, some(3));
    await queueAll(fixture.runtime);
    expect(await cursorOf(webhook.id)).not.toBe(before);
    expect(await deliveriesOf(fixture, webhook.id)).toEqual([]);
  });

  it("looks at the projects that it is told of, or at what is in the middle of a batch", async () => {
    const place = await addProject(fixture.database);
    const { webhook } = await addWebhook(fixture, URL, {}, place.projectId);
    await appendLog(fixture, some(8), place);
    const { installation, position } = await presentPosition(fixture.database);
    const look = (more: object) =>
      queueDeliveries(fixture.runtime, {
        known: { installation, snapshot: position.snapshot },
        sizes: { page: 1, lookUp: 50, window: 200 },
        onError() {},
        ...more,
      });
    const queued = async () => (await deliveriesOf(fixture, webhook.id)).length;
    expect(await look({ projects: [fixture.projectId] })).toBe(false);
    expect(await look({ begunOnly: true })).toBe(false);
    expect(await queued()).toBe(0);
    // Eight pages are one webhook's turn; the first event is the webhook's own.
    expect(await look({ projects: [place.projectId] })).toBe(true);
    expect(await queued()).toBe(7);
    expect(await look({ begunOnly: true })).toBe(false);
    expect(await queued()).toBe(8);
  });

  it.each([
    ["CURSOR_EXPIRED", "was overtaken by retention"],
    ["CURSOR_UNKNOWN", "is of another database"],
  ])("says with %s that a cursor %s, in a delivery and an event, and goes on from the present", async (reason) => {
    const place = await addProject(fixture.database);
    const { webhook } = await addWebhook(fixture, URL, {}, place.projectId);
    await appendLog(fixture, some(2), place);
    if (reason === "CURSOR_EXPIRED") {
      await recordWatermark(fixture.database, 1);
      await fixture.database.query(
        sql`update workspaces set events_retained_from_id = (select max(id) + 1 from events) where id = ${place.workspaceId}`,
      );
    } else await fixture.database.query(sql`update webhooks set cursor = 'of another' where id = ${webhook.id}`);
    await queueAll(fixture.runtime);
    await appendLog(fixture, some(1), place);
    await fixture.database.query(
      sql`update workspaces set events_retained_from_id = 0 where id = ${place.workspaceId}`,
    );
    await queueAll(fixture.runtime);
    expect((await deliveriesOf(fixture, webhook.id)).map(({ type }) => type)).toEqual([
      "muster.resync_required",
      "agent.transitioned",
    ]);
    const [notice] = await fixture.database.query<{ body: string }>(
      sql`select body from webhook_deliveries where webhook_id = ${webhook.id} order by number limit 1`,
    );
    expect(JSON.parse(notice?.body ?? "")).toMatchObject({ type: "muster.resync_required", event: null, reason });
    const happened = await fixture.database.query<{ payload: object }>(
      sql`select payload from events where subject_id = ${webhook.id} and type = 'webhook.resynced'`,
    );
    expect(happened).toMatchObject([{ payload: { reason } }]);
    // But for what runs at that moment in other databases of the server.
    const upTo = (cursor: string) => {
      const found = decodeCursor(cursor)?.place;
      return [found?.snapshot.xmax, found?.page];
    };
    expect(upTo(await cursorOf(webhook.id))).toEqual(upTo(await presentCursor(fixture.database)));
    expect(upTo(await cursorOf(webhook.id))).toEqual([expect.any(BigInt), null]);
  });
});
