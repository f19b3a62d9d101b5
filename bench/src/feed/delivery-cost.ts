import { setTimeout as sleep } from "node:timers/promises";
import type { Contestant } from "./contestant.ts";
import type { Received, Subscribers } from "./subscribers.ts";

const IDLE_MS = 3_000;
/** The last event has to reach everybody within this time. */
const ARRIVE_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 50;

/** What one window has cost a server. */
export interface Cost {
  /** Of the server's process, per second of the window. */
  readonly cpuMicrosecondsPerSecond: number;
  /** Events that reached a subscriber, per second of the window. */
  readonly deliveriesPerSecond: number;
  /** One event's frame. */
  readonly sample: string;
}

/** Microseconds of CPU a second that a server uses while it has nothing to deliver. */
export async function idleCost({ usage }: Contestant): Promise<number> {
  const before = await usage();
  const begun = performance.now();
  await sleep(IDLE_MS);
  const after = await usage();
  return ((after.cpuMicroseconds - before.cpuMicroseconds) * 1_000) / (performance.now() - begun);
}

/** Has a server deliver so many events a second to `receivers` subscribers. Throws when one of them misses any. */
export async function deliveryCost(
  contestant: Contestant,
  subscribers: Subscribers,
  { perSecond, receivers, ms }: { perSecond: number; receivers: number; ms: number },
): Promise<Cost> {
  await subscribers.take();
  const before = await contestant.usage();
  const begun = performance.now();
  await contestant.start(perSecond);
  await sleep(ms);
  const published = await contestant.stop();
  const { events, sample } = await arrival(subscribers, published * receivers);
  const after = await contestant.usage();
  const seconds = (performance.now() - begun) / 1_000;
  if (events !== published * receivers || sample === null) {
    throw new Error(`${contestant.name}: ${published} events to ${receivers} subscribers, but ${events} arrived.`);
  }
  return {
    cpuMicrosecondsPerSecond: (after.cpuMicroseconds - before.cpuMicroseconds) / seconds,
    deliveriesPerSecond: events / seconds,
    sample,
  };
}

async function arrival(subscribers: Subscribers, expected: number): Promise<Received> {
  const deadline = performance.now() + ARRIVE_WITHIN_MS;
  for (;;) {
    const received = await subscribers.look();
    if (received.events >= expected || performance.now() > deadline) return received;
    await sleep(LOOK_EVERY_MS);
  }
}
