import { describe, expect, it } from "vitest";
import { OpenConnections } from "./open-connections.ts";

const [mine, other] = [
  { kind: "SESSION", secret: "mine" },
  { kind: "KEY", secret: "other" },
] as const;

describe("OpenConnections", () => {
  it("closes what a credential opened, once, and nothing else", () => {
    const connections = new OpenConnections();
    const closed: string[] = [];
    const close = () => closed.push("mine");
    connections.add(mine, close);
    connections.add(mine, close);
    connections.add(other, () => closed.push("other"));
    connections.end("mine");
    connections.end("mine");
    expect(closed).toEqual(["mine", "mine"]);
  });

  it("forgets what was closed before, and may be told so twice", async () => {
    const connections = new OpenConnections();
    const asked: string[] = [];
    const remember = async ({ secret }: { secret: string }) => asked.push(secret) > 0;
    const forget = connections.add(mine, () => expect.unreachable());
    forget();
    let closed = 0;
    connections.add(mine, () => (closed += 1));
    forget();
    await connections.check(remember);
    expect(asked).toEqual(["mine"]);
    connections.end("mine");
    await connections.check(remember);
    expect([asked.length, closed]).toEqual([1, 1]);
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
      return secret !== "key 7";
    });
    expect(asked).toBe(25);
    expect(closed).toEqual([7, 32]);
  });

  it("keeps everything open when a look-up fails", async () => {
    const connections = new OpenConnections();
    for (const credential of [mine, other]) connections.add(credential, () => expect.unreachable());
    const away = () => Promise.reject(new Error("the database is away"));
    await expect(connections.check(away)).rejects.toThrow("away");
  });
});
