import { expect, it, onTestFinished, vi } from "vitest";
import { type KeptWorker, keepWorker, type WorkerOptions } from "./keep-worker.ts";

/** A worker with this program; `port` is its port. What it says and how it died is kept. */
function keep(program: string, options: Partial<WorkerOptions> = {}) {
  const said: unknown[] = [];
  const deaths: { message: string; waitMs: number }[] = [];
  const text = `import { parentPort as port, workerData } from "node:worker_threads"; ${program}`;
  const worker = keepWorker({
    name: "test",
    file: new URL(`data:text/javascript,${encodeURIComponent(text)}`),
    workerData: "data",
    onMessage: (message) => said.push(message),
    onDeath: ({ message }, waitMs) => deaths.push({ message, waitMs }),
    firstWaitMs: 20,
    ...options,
  });
  onTestFinished(() => worker.stop(0));
  return { worker, said, deaths };
}

const ECHO =
  "port.on('message', (message) => message === 'stop' ? port.close() : port.postMessage(message + workerData)); port.postMessage('ready');";

async function timeToStop(worker: KeptWorker, withinMs: number): Promise<number> {
  const started = performance.now();
  await worker.stop(withinMs);
  return performance.now() - started;
}

it("hands over data and messages, and stops when it is told to", async () => {
  const { worker, said, deaths } = keep(ECHO);
  await vi.waitFor(() => {
    worker.post("some ");
    expect(said).toContain("some data");
  });
  expect(await timeToStop(worker, 10_000)).toBeLessThan(5_000);
  expect(deaths).toEqual([]);
  worker.post("to nobody");
});

it("starts one that dies again, and waits longer each time", async () => {
  const { worker, said, deaths } = keep(
    `port.postMessage('up'); ${ECHO} setTimeout(() => { throw new Error('no more'); })`,
  );
  await vi.waitFor(() => expect(deaths.length).toBeGreaterThan(2), 10_000);
  expect(deaths.slice(0, 3)).toEqual([20, 40, 80].map((waitMs) => ({ message: "no more", waitMs })));
  expect(said.length).toBeGreaterThan(2);
  await worker.stop(1_000);
  const { length } = deaths;
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(deaths).toHaveLength(length);
});

it("starts one again that ends although nobody told it to", async () => {
  const ended = keep("process.exit(3)");
  await vi.waitFor(() => expect(ended.deaths.length).toBeGreaterThan(1), 10_000);
  expect(ended.deaths[0]?.message).toBe("The thread ended with code 3.");
});

it("ends one that does not stop by itself", async () => {
  const { worker, said } = keep("port.postMessage('up'); port.postMessage('ready'); while (true);");
  await vi.waitFor(() => expect(said).toEqual(["up"]));
  expect(await timeToStop(worker, 100)).toBeLessThan(5_000);
});

it("does not wait for one that has not begun yet", async () => {
  const early = keep(ECHO, { startAfterMs: 60_000 });
  expect(await timeToStop(early.worker, 60_000)).toBeLessThan(1_000);
  const { worker, said } = keep("port.postMessage('up'); await new Promise((resolve) => setTimeout(resolve, 60_000));");
  await vi.waitFor(() => expect(said).toEqual(["up"]));
  expect(await timeToStop(worker, 60_000)).toBeLessThan(5_000);
});
