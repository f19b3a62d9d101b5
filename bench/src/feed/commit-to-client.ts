import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { percentile } from "../median.ts";
import { type Figure, say } from "../report.ts";
import { type ServerProcess, startServerProcess } from "../server-process.ts";
import type { Subscribers } from "./subscribers.ts";
import { followingOne } from "./subscription.ts";

const LOAD = fileURLToPath(new URL("./transition-load.ts", import.meta.url));
const FIRST_AGENT = 2;
const AGENTS = 1_000;
const PER_SECOND = 1_000;
const WARM_UP_SECONDS = 3;
const SECONDS = 12;

/**
 * 1,000 transitions a second through the API, and 1,000 subscribers who each follow one of the 1,000 agents: the time from
 * the transition's own time, which its statement takes before it commits, to the receipt of its event by the client. The server
 * is a fresh one.
 */
export async function commitToClient(databaseUrl: string, subscribers: Subscribers): Promise<Figure[]> {
  const server = await startServerProcess(databaseUrl);
  try {
    return await delays(server, subscribers);
  } finally {
    await server.stop();
  }
}

async function delays({ url, key }: ServerProcess, subscribers: Subscribers): Promise<Figure[]> {
  const subscriptions = followingOne(FIRST_AGENT, AGENTS);
  await subscribers.open({ group: "each", url, key, greets: true, subscriptions, timed: true });
  const load = fork(LOAD, [url, FIRST_AGENT, AGENTS, PER_SECOND, WARM_UP_SECONDS + SECONDS].map(String), {
    env: { ...process.env, MUSTER_BENCH_KEY: key },
  });
  const exited = once(load, "exit");
  try {
    const answered = Promise.race([
      once(load, "message"),
      exited.then(() => Promise.reject(new Error("The load ended too early."))),
    ]);
    // It is awaited later.
    answered.catch(() => {});
    await sleep(WARM_UP_SECONDS * 1_000);
    await subscribers.take();
    const [{ answeredPerSecond }] = (await answered) as [{ answeredPerSecond: number }];
    await sleep(500);
    const { delays: all, events } = await subscribers.take();
    await subscribers.close("each");
    say(`${events} events at ${answeredPerSecond.toFixed(0)} transitions a second`);
    return [
      { name: "feed.commit_to_client.per_second", value: answeredPerSecond, unit: "transitions/s" },
      { name: "feed.commit_to_client.p50_ms", value: percentile(all, 0.5), unit: "ms" },
      { name: "feed.commit_to_client.p99_ms", value: percentile(all, 0.99), unit: "ms" },
    ];
  } finally {
    load.kill();
    await exited;
  }
}
