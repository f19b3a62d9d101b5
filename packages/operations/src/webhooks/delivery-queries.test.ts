import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Fixture, only } from "../../test/fixtures.ts";
import { addWebhook, appendLog, createWebhookFixture, deliveriesOf, queueAll } from "../../test/webhooks.ts";
import { newId } from "../new-id.ts";
import { listWebhookDeliveries } from "./delivery-queries.ts";
import { removeOldDeliveries } from "./remove-old-deliveries.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createWebhookFixture();
});
afterAll(() => fixture.close());

const NOWHERE = "http://127.0.0.1:9/hook";

describe("the log of deliveries", () => {
  it("is paged the newest first, by state and type", async () => {
    const { webhook } = await addWebhook(fixture, NOWHERE);
    await appendLog(
      fixture,
      Array.from({ length: 5 }, (_, at) => ({
        subjectId: newId(),
        version: 1,
        type: at === 0 ? "agent.updated" : "agent.transitioned",
      })),
    );
    await queueAll(fixture.runtime);
    const all = (await deliveriesOf(fixture, webhook.id)).map(({ id }) => id).toReversed();
    await fixture.database.query(
      sql`update webhook_deliveries set state = 'SUCCEEDED' where id in (${all[0]}, ${all[2]})`,
    );
    const list = async (filter: object, page = {}) => {
      const found = await only(listWebhookDeliveries(fixture.runtime, fixture.admin, [webhook.id], { filter, page }));
      return {
        ids: found.edges.map(({ node }) => node.id),
        cursor: found.edges.at(-1)?.cursor,
        count: (await found.count()).count,
      };
    };
    expect((await list({})).ids).toEqual(all);
    const first = await list({}, { first: 2 });
    expect((await list({}, { first: 2, after: first.cursor })).ids).toEqual(all.slice(2, 4));
    expect(await list({ states: ["SUCCEEDED"] })).toMatchObject({ ids: [all[0], all[2]], count: 2 });
    expect((await list({ states: ["SUCCEEDED", "PENDING"] })).ids).toEqual(all);
    expect((await list({ states: [] })).ids).toEqual([]);
    expect((await list({ types: ["agent.updated"] })).ids).toEqual([all[4]]);
  });

  it("forgets what ended a week ago, and what is beyond the last ones, but nothing that waits", async () => {
    const { webhook } = await addWebhook(fixture, NOWHERE);
    await appendLog(
      fixture,
      Array.from({ length: 6 }, () => ({ subjectId: newId(), version: 1 })),
    );
    await queueAll(fixture.runtime);
    const all = (await deliveriesOf(fixture, webhook.id)).map(({ id }) => id);
    const end = (ids: string[], days: number) =>
      fixture.database.query(
        sql`update webhook_deliveries set state = 'SUCCEEDED', finished_at = now() - make_interval(days => ${days}) where id = any(${sql.param(ids)}::uuid[])`,
      );
    await end(all.slice(1, 2), 8);
    await end(all.slice(2, 3), 6);
    await end(all.slice(3, 6), 0);
    await removeOldDeliveries(fixture.runtime);
    expect((await deliveriesOf(fixture, webhook.id)).map(({ id }) => id)).toEqual([all[0], ...all.slice(2)]);
    await Promise.all([removeOldDeliveries(fixture.runtime, 2), removeOldDeliveries(fixture.runtime, 2)]);
    expect((await deliveriesOf(fixture, webhook.id)).map(({ id }) => id)).toEqual([all[0], all[4], all[5]]);
  });
});
