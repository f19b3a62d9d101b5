import { describe, expect, it } from "vitest";
import { GraphQLRequestError, MutationError, TransportError } from "./errors.ts";
import { createBackoff, delay, retry } from "./retry.ts";

const quick = { baseMs: 1, maxMs: 2 };

describe("createBackoff", () => {
  it("draws the whole wait, doubling its ceiling up to the limit", () => {
    const largest = createBackoff({ baseMs: 100, maxMs: 1_000, random: () => 1 });
    expect(Array.from({ length: 6 }, () => largest.next())).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    largest.reset();
    expect(largest.next()).toBe(100);
    expect(createBackoff({ baseMs: 100, maxMs: 1_000, random: () => 0 }).next()).toBe(0);
  });
});

describe("delay", () => {
  it("ends with the signal's reason", async () => {
    const stop = new AbortController();
    const waiting = delay(60_000, stop.signal);
    stop.abort(new Error("stop"));
    await expect(waiting).rejects.toThrow("stop");
    await expect(delay(1, stop.signal)).rejects.toThrow("stop");
  });
});

describe("retry", () => {
  it("repeats what is transient, and nothing else", async () => {
    const answers: unknown[] = [
      new TransportError("away"),
      new GraphQLRequestError([{ message: "later", extensions: { code: "UNAVAILABLE" } }]),
      new MutationError("LIMIT_EXCEEDED", "slowly", { retryAfterMs: 5 }),
      "done",
    ];
    const next = async () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    };
    expect(await retry(next, { backoff: quick })).toBe("done");
    answers.push(new MutationError("CONFLICT", "no", {}), "never");
    await expect(retry(next, { backoff: quick })).rejects.toThrow("no");
    answers.splice(0, 9, new TransportError("too large", { status: 413 }), "never");
    await expect(retry(next, { backoff: quick })).rejects.toThrow("too large");
  });

  it("waits as long as the server asks", async () => {
    const started = performance.now();
    let calls = 0;
    await retry(
      async () => {
        calls += 1;
        if (calls === 1) throw new MutationError("LIMIT_EXCEEDED", "slowly", { retryAfterMs: 60 });
      },
      { backoff: quick },
    );
    expect(performance.now() - started).toBeGreaterThanOrEqual(55);
  });

  it("stops when its signal aborts", async () => {
    const stop = new AbortController();
    const failing = retry(() => Promise.reject(new TransportError("away")), {
      signal: stop.signal,
      backoff: { baseMs: 9e6, maxMs: 9e6 },
    });
    setTimeout(() => stop.abort(new Error("stop")), 10);
    await expect(failing).rejects.toThrow("stop");
  });
});
