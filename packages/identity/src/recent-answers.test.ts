import type { Connection } from "@muster/database/database.ts";
import { type Actor, everywhere } from "@muster/domain/actor.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Authenticated } from "./authenticated.ts";
import { forgetCredentials, recentAnswer, relyOnFeed } from "./recent-answers.ts";

let database: Connection;
let asked: number;
let expiresAt: Date | null;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "Date"] });
  database = {} as Connection;
  asked = 0;
  expiresAt = null;
});
afterEach(() => vi.useRealTimers());

function answer(): Authenticated {
  const actor: Actor = { kind: "API_KEY", id: "key", name: "key", reach: everywhere, permissions: new Set() };
  return { actor, credentialId: "key", standing: { ids: ["key", "owner"], expiresAt } };
}
const look = (freshness: "RECENT" | "FRESH" = "RECENT") =>
  recentAnswer(database, "hash", freshness, async () => {
    asked += 1;
    return answer();
  });

describe("without a feed", () => {
  it("uses an answer for a second", async () => {
    await look();
    vi.advanceTimersByTime(999);
    await look();
    expect(asked).toBe(1);
    vi.advanceTimersByTime(1);
    await look();
    expect(asked).toBe(2);
  });
});

describe("with a feed", () => {
  let confirmedAt: number;
  const advance = (ms: number, isFeedAlive = true) => {
    vi.advanceTimersByTime(ms);
    if (isFeedAlive) confirmedAt = performance.now();
  };
  beforeEach(() => {
    confirmedAt = performance.now();
    relyOnFeed(database, () => confirmedAt);
  });

  it("uses an answer for thirty seconds", async () => {
    await look();
    for (let second = 1; second < 30; second += 1) {
      advance(1_000);
      await look();
    }
    expect(asked).toBe(1);
    advance(1_000);
    await look();
    expect(asked).toBe(2);
  });

  it("looks up again once the feed has not been up to date for a while, and relies on it again when it is", async () => {
    await look();
    advance(1_000, false);
    await look();
    expect(asked).toBe(1);
    advance(600, false);
    await look();
    expect(asked).toBe(2);
    advance(1_200);
    await look();
    expect(asked).toBe(2);
  });

  it.each([
    ["its key", "key"],
    ["whom it stands for", "owner"],
  ])("forgets what hangs on %s", async (_case, id) => {
    await look();
    forgetCredentials(database, ["another"]);
    await look();
    expect(asked).toBe(1);
    forgetCredentials(database, [id]);
    await look();
    expect(asked).toBe(2);
  });

  it("forgets everything when something may have been passed over", async () => {
    await look();
    forgetCredentials(database, null);
    await look();
    expect(asked).toBe(2);
  });

  it("does not keep what was being looked up when something changed", async () => {
    const { promise, resolve } = Promise.withResolvers<Authenticated>();
    const first = recentAnswer(database, "hash", "RECENT", () => promise);
    forgetCredentials(database, ["another"]);
    resolve(answer());
    await first;
    await look();
    expect(asked).toBe(1);
  });

  it("honours an end within the time", async () => {
    expiresAt = new Date(Date.now() + 300);
    await look();
    advance(299);
    await look();
    expect(asked).toBe(1);
    advance(1);
    await look();
    expect(asked).toBe(2);
  });

  it("keeps what may grow unannounced for a second only", async () => {
    const brief = () =>
      recentAnswer(database, "brief", "RECENT", async () => ({ ...((asked += 1), answer()), brief: true }));
    await brief();
    advance(1_000);
    await brief();
    expect(asked).toBe(2);
  });

  it("looks up afresh when asked to", async () => {
    await look();
    await look("FRESH");
    expect(asked).toBe(2);
  });
});
