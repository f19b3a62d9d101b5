import { setTimeout as sleep } from "node:timers/promises";
import { type Figure, say } from "../report.ts";
import type { Contestant } from "./contestant.ts";
import type { Contestants } from "./contestants.ts";
import type { Subscribers } from "./subscribers.ts";
import { followingAll } from "./subscription.ts";

const SUBSCRIBERS = 10_000;
const WARM_UP = 200;
/** Each socket has been pinged once, and has got a bookmark. */
const SETTLE_MS = 13_000;

/** How much the memory (RSS, after garbage collection) of each server grows with 10,000 idle subscribers, a socket each. */
export async function idleSubscribers({ all: contestants }: Contestants, subscribers: Subscribers): Promise<Figure[]> {
  const open = ({ name, url, key, greets }: Contestant, count: number) =>
    subscribers.open({ group: name, url, key, greets, subscriptions: followingAll(count), timed: false });
  for (const contestant of contestants) {
    await open(contestant, WARM_UP);
    await subscribers.close(contestant.name);
  }
  const before = await settledMemory(contestants);
  for (const contestant of contestants) await open(contestant, SUBSCRIBERS);
  await sleep(SETTLE_MS);
  const after = await settledMemory(contestants);
  for (const { name } of contestants) await subscribers.close(name);
  const figures = contestants.map(({ name }, at) => ({
    name: name === "muster" ? "feed.idle_subscriber.kib" : `feed.idle_subscriber.${name}_kib`,
    value: ((after[at] ?? 0) - (before[at] ?? 0)) / 1_024 / SUBSCRIBERS,
    unit: "KiB",
  }));
  say(`idle: ${figures.map(({ name, value }) => `${name} ${value.toFixed(1)} KiB`).join(", ")}`);
  return figures;
}

/** After two collections: what the first one frees is given back a moment later. */
async function settledMemory(contestants: readonly Contestant[]): Promise<number[]> {
  await Promise.all(contestants.map((contestant) => contestant.usage({ collect: true })));
  await sleep(1_000);
  const usages = await Promise.all(contestants.map((contestant) => contestant.usage({ collect: true })));
  return usages.map(({ rssBytes }) => rssBytes);
}
