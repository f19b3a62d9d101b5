import type { Standing } from "@muster/identity/credential-changes.ts";
import { afterEach, describe, expect, it, vi } from "vitest";
import { OpenConnections } from "./open-connections.ts";

const [mine, other] = [
  { kind: "SESSION", secret: "mine" },
  { kind: "KEY", secret: "other" },
] as const;
const standing = (...ids: string[]): Standing => ({ ids, expiresAt: null });

function setUp() {
  const connections = new OpenConnections();
  const closed: string[] = [];
  const open = (credential: typeof mine | typeof other, name: string) =>
    connections.add(credential, (ending) => closed.push(`${name} ${ending}`));
  return { connections, closed, open };
}

afterEach(() => void vi.useRealTimers());

describe("OpenConnections", () => {
  it("closes what a credential opened, once, and nothing else", () => {
    const { connections, closed, open } = setUp();
    open(mine, "a");
    open(mine, "b");
    open(other, "c");
    connections.end("mine");
    connections.end("mine");
    expect(closed).toEqual(["a ENDED", "b ENDED"]);
  });

  it("closes what stands on something that ended or changed, at once", () => {
    const { connections, closed, open } = setUp();
    open(mine, "a").standsOn(standing("session", "person"));
    open(mine, "b");
    open(other, "c").standsOn(standing("key", "person"));
    connections.change([{ id: "nobody", kind: "ENDED" }]);
    expect(closed).toEqual([]);
    connections.change([
      { id: "session", kind: "ENDED" },
      { id: "session", kind: "ENDED" },
    ]);
    expect(closed).toEqual(["a ENDED", "b ENDED"]);
    connections.change([{ id: "person", kind: "CHANGED" }]);
    expect(closed).toEqual(["a ENDED", "b ENDED", "c CHANGED"]);
  });

  it("closes what changed while its credential was looked up", () => {
    const { connections, closed, open } = setUp();
    const [first, second] = [open(mine, "a"), open(other, "b")];
    connections.change([{ id: "key", kind: "ENDED" }]);
    expect(closed).toEqual([]);
    first.standsOn(standing("key"));
    second.standsOn(standing("another key"));
    expect(closed).toEqual(["a ENDED"]);
  });

  it("closes at its end what expires", async () => {
    vi.useFakeTimers();
    const { connections, closed, open } = setUp();
    open(mine, "a").standsOn({ ids: ["key"], expiresAt: new Date(Date.now() + 1_000) });
    open(other, "b").standsOn(standing("other"));
    await vi.advanceTimersByTimeAsync(900);
    expect(closed).toEqual([]);
    await vi.advanceTimersByTimeAsync(400);
    expect(closed).toEqual(["a ENDED"]);
    connections.stop();
  });

  it("keeps a key that was rotated until its new end, and closes it at once when that has been", async () => {
    vi.useFakeTimers();
    const { connections, closed, open } = setUp();
    open(mine, "a").standsOn({ ids: ["key"], expiresAt: new Date(Date.now() + 60_000) });
    connections.change([{ id: "key", kind: "EXPIRES", at: new Date(Date.now() + 1_000) }]);
    connections.change([{ id: "key", kind: "EXPIRES", at: new Date(Date.now() + 9_000) }]);
    await vi.advanceTimersByTimeAsync(900);
    expect(closed).toEqual([]);
    await vi.advanceTimersByTimeAsync(400);
    expect(closed).toEqual(["a ENDED"]);
    open(other, "b").standsOn(standing("other"));
    connections.change([{ id: "other", kind: "EXPIRES", at: new Date(Date.now()) }]);
    expect(closed).toEqual(["a ENDED", "b ENDED"]);
    connections.stop();
  });

  it("forgets what was closed before, and may be told so twice", async () => {
    const { connections, closed, open } = setUp();
    const asked: string[] = [];
    const remember = async ({ secret }: { secret: string }) => (asked.push(secret), standing("key"));
    const first = open(mine, "a");
    first.forget();
    open(mine, "b");
    first.forget();
    first.standsOn(standing("nothing"));
    await connections.check(remember);
    expect(asked).toEqual(["mine"]);
    connections.end("mine");
    await connections.check(remember);
    expect([asked.length, closed]).toEqual([1, ["b ENDED"]]);
  });

  it("looks each credential up once, and closes what has ended", async () => {
    const connections = new OpenConnections();
    const closed: number[] = [];
    for (let number = 0; number < 50; number += 1) {
      const credential = { kind: "KEY", secret: `key ${number % 25}` } as const;
      connections.add(credential, () => closed.push(number));
    }
    let asked = 0;
    await connections.check(async ({ secret }) => {
      asked += 1;
      return secret === "key 7" ? null : standing(secret);
    });
    expect(asked).toBe(25);
    expect(closed).toEqual([7, 32]);
    connections.change([{ id: "key 8", kind: "CHANGED" }]);
    expect(closed).toEqual([7, 32, 8, 33]);
  });

  it("keeps everything open when a look-up fails", async () => {
    const { connections, closed, open } = setUp();
    for (const credential of [mine, other]) open(credential, "a");
    const away = () => Promise.reject(new Error("the database is away"));
    await expect(connections.check(away)).rejects.toThrow("away");
    expect(closed).toEqual([]);
  });
});
