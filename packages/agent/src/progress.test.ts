import { describe, expect, it } from "vitest";
import { createProgressReporter, type ProgressUpdate } from "./progress.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function recorder(intervalMs: number, sendMs = 0) {
  const sent: ProgressUpdate[] = [];
  const times: number[] = [];
  let atOnce = 0;
  const reporter = createProgressReporter(async (update) => {
    atOnce += 1;
    expect(atOnce).toBe(1);
    sent.push(update);
    times.push(performance.now());
    if (sendMs > 0) await pause(sendMs);
    atOnce -= 1;
  }, intervalMs);
  return { sent, times, reporter };
}

describe("createProgressReporter", () => {
  it("sends the first update at once, thins out the rest, and always sends the last", async () => {
    const { sent, times, reporter } = recorder(50);
    for (let step = 1; step <= 60; step += 1) {
      void reporter.report({ progress: step / 60 });
      await pause(3);
    }
    await reporter.finish();
    expect(sent[0]).toEqual({ progress: 1 / 60 });
    expect(sent.at(-1)).toEqual({ progress: 1 });
    expect(sent.length).toBeGreaterThan(2);
    // The last one does not wait.
    const gaps = times.slice(1, -1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(45);
  });

  it("keeps the interval also when every update was sent before the next came", async () => {
    const { times, reporter } = recorder(60);
    for (let step = 0; step < 3; step += 1) await reporter.report({ progress: step / 3 });
    expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(110);
  });

  it("sends every chunk, in order, without waiting for the interval", async () => {
    const { sent, reporter } = recorder(10_000, 1);
    const started = performance.now();
    for (let chunk = 0; chunk < 100; chunk += 1) {
      void reporter.report({ progress: chunk / 100 });
      void reporter.report({ chunk });
    }
    await reporter.finish();
    expect(sent.flatMap((update) => ("chunk" in update ? [update.chunk] : []))).toEqual(
      Array.from({ length: 100 }, (_, index) => index),
    );
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it("resolves when the update or its successor was sent, and drops what comes after the end", async () => {
    const { sent, reporter } = recorder(30);
    await reporter.report({ progress: 0.1 });
    const replaced = reporter.report({ progress: 0.2 });
    await reporter.report({ message: "nearly" });
    await replaced;
    await reporter.finish();
    await reporter.report({ progress: 0.9 });
    expect(sent).toEqual([{ progress: 0.1 }, { progress: 0.2, message: "nearly" }]);
  });
});
