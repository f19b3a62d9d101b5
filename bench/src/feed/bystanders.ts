import { median } from "../median.ts";
import { type Figure, say } from "../report.ts";
import type { Contestant } from "./contestant.ts";
import { deliveryCost } from "./delivery-cost.ts";
import type { Subscribers } from "./subscribers.ts";
import { followingAll, followingOne } from "./subscription.ts";

const ACTIVE = { receivers: 1_000, perSecond: 20 };
const BYSTANDERS = 9_000;
const ROUNDS = 2;
const WARM_UP_MS = 1_000;
const WINDOW_MS = 6_000;

/**
 * All CPU of the server's process, per delivery, while 1,000 subscribers get 20 events a second: with 9,000 others beside
 * them, over without. Each of those has a socket too, and follows an agent of the same project to which nothing happens.
 */
export async function bystanders(muster: Contestant, subscribers: Subscribers): Promise<Figure[]> {
  const { url, key, greets } = muster;
  const open = (group: string, subscriptions: ReturnType<typeof followingAll>) =>
    subscribers.open({ group, url, key, greets, subscriptions, timed: false });
  const cost = async () => {
    await deliveryCost(muster, subscribers, { ...ACTIVE, ms: WARM_UP_MS });
    const window = await deliveryCost(muster, subscribers, { ...ACTIVE, ms: WINDOW_MS });
    return window.cpuMicrosecondsPerSecond / window.deliveriesPerSecond;
  };
  await open("active", followingAll(ACTIVE.receivers));
  const ratios: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const without = await cost();
    await open("bystanders", followingOne(2, BYSTANDERS));
    const beside = await cost();
    await subscribers.close("bystanders");
    ratios.push(beside / without);
    say(`${BYSTANDERS} bystanders, round ${round}: ${(beside / without).toFixed(2)} of the CPU without them`);
  }
  await subscribers.close("active");
  return [{ name: `feed.idle_${BYSTANDERS}.cpu_ratio`, value: median(ratios), unit: "ratio" }];
}
