import { setTimeout as sleep } from "node:timers/promises";
import type { Caller } from "@muster/domain/actor.ts";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Fixture } from "../../test/fixtures.ts";
import {
  addWebhook,
  appendLog,
  createWebhookFixture,
  queueAll,
  startReceiver,
  startSenders,
  until,
} from "../../test/webhooks.ts";
import { newId } from "../new-id.ts";
import { followWebhooks } from "./follow-webhooks.ts";
import type { Webhook } from "./webhook.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createWebhookFixture({ firstRetryMs: 800, longestRetryMs: 900 });
});
afterAll(() => fixture.close());

/** What a follower hears, with the time at which it does. */
async function hear(webhookIds: readonly string[] | null = null, caller: Caller = fixture.admin) {
  const following = await followWebhooks(fixture.runtime, caller, { projectId: fixture.projectId, webhookIds });
  const told: { readonly at: number; readonly ids: string[]; readonly webhooks: readonly Webhook[] }[] = [];
  const ended = (async () => {
    for await (const webhooks of following)
      told.push({ at: performance.now(), ids: webhooks.map(({ id }) => id), webhooks });
  })();
  onTestFinished(async () => {
    await following.return?.();
    await ended;
  });
  return told;
}

describe("followWebhooks", () => {
  it("tells how all are, and then of what moves: queued, failed and delivered, by whatever process, and of nothing else", async () => {
    let failing = true;
    const receiver = await startReceiver(() => (failing ? 503 : 204));
    const [moving, still] = [
      await addWebhook(fixture, receiver.url),
      await addWebhook(fixture, receiver.url, { types: ["no.such"] }),
    ];
    const told = await hear();
    const narrowed = await hear([still.webhook.id]);
    await until(
      () => told,
      (all) => all.length === 1,
    );
    expect(told[0]?.ids).toEqual(expect.arrayContaining([moving.webhook.id, still.webhook.id]));

    await appendLog(fixture, [{ subjectId: newId(), version: 1 }]);
    await queueAll(fixture.runtime);
    await until(
      () => told.length,
      (count) => count >= 2,
    );
    startSenders(fixture.runtime, 2);
    await until(
      () => told.at(-1)?.webhooks[0]?.failures ?? 0,
      (failures) => failures > 0,
    );
    failing = false;
    await until(
      () => told.at(-1)?.webhooks[0]?.failures,
      (failures) => failures === 0,
    );
    await until(
      () => performance.now() - (told.at(-1)?.at ?? 0),
      (quiet) => quiet > 1_500,
    );
    for (const { ids } of told.slice(1)) expect(ids).toEqual([moving.webhook.id]);
    expect(narrowed.map(({ ids }) => ids)).toEqual([[still.webhook.id]]);
  });

  it("tells at most twice a second, however much moves", async () => {
    const receiver = await startReceiver();
    const { webhook } = await addWebhook(fixture, receiver.url);
    const told = await hear([webhook.id]);
    startSenders(fixture.runtime);
    const begun = performance.now();
    while (performance.now() - begun < 3_000) {
      await appendLog(
        fixture,
        Array.from({ length: 20 }, () => ({ subjectId: newId(), version: 1 })),
      );
      await queueAll(fixture.runtime);
    }
    expect(told.length).toBeGreaterThan(2);
    expect(told.length).toBeLessThanOrEqual(1 + (performance.now() - begun) / 500 + 1);
  });

  it("reads nothing once nobody follows any more", async () => {
    let read = 0;
    const { database } = fixture.runtime;
    const runtime = {
      ...fixture.runtime,
      database: Object.assign(Object.create(database) as typeof database, {
        run: (...call: Parameters<typeof database.run>) => ((read += 1), database.run(...call)),
      }),
    };
    await addWebhook(fixture, (await startReceiver()).url);
    const following = await followWebhooks(runtime, fixture.admin, { projectId: fixture.projectId, webhookIds: null });
    expect(await following.next()).toMatchObject({ done: false });
    const waiting = following.next();
    await following.return?.();
    expect(await waiting).toMatchObject({ done: true });
    await sleep(100);
    const before = read;
    await sleep(1_200);
    expect(read).toBe(before);
  });

  it("is for who may read webhooks, in a project that they reach", async () => {
    const { actor } = fixture.admin;
    const within = (permissions: readonly string[], reach = actor.reach): Caller => ({
      ...fixture.admin,
      actor: { ...actor, reach, permissions: new Set(permissions) as typeof actor.permissions },
    });
    const follow = (caller: Caller) =>
      followWebhooks(fixture.runtime, caller, { projectId: fixture.projectId, webhookIds: null });
    await expect(follow(within(["event.read", "workspace.read"]))).rejects.toThrow("webhook.read");
    const elsewhere = { workspaceIds: [newId()], projectIds: null };
    await expect(follow(within(["webhook.read", "workspace.read"], elsewhere))).rejects.toThrow("no such project");
  });
});
