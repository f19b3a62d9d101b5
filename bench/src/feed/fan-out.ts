import { median } from "../median.ts";
import { type Figure, say } from "../report.ts";
import type { Contestants } from "./contestants.ts";
import { deliveryCost, idleCost } from "./delivery-cost.ts";
import type { Subscribers } from "./subscribers.ts";
import { followingAll } from "./subscription.ts";

const SIZES = [
  { receivers: 1_000, perSecond: 20 },
  { receivers: 5_000, perSecond: 5 },
];
const ROUNDS = 3;
const WARM_UP_MS = 2_000;
const WINDOW_MS = 4_000;

/**
 * CPU of the server's process per delivery, less what it uses without subscribers, for identical subscribers: ours, bare
 * `ws`, and Yoga's createPubSub with graphql-ws, in turns. All frames count as cost, only events as deliveries.
 */
export async function fanOut({ all, frame }: Contestants, subscribers: Subscribers): Promise<Figure[]> {
  const idle = await Promise.all(all.map(idleCost));
  const figures: Figure[] = [];
  for (const { receivers, perSecond } of SIZES) {
    for (const contestant of all) {
      const { name, url, key, greets } = contestant;
      const subscriptions = followingAll(receivers);
      await subscribers.open({ group: name, url, key, greets, subscriptions, timed: false });
      const { sample } = await deliveryCost(contestant, subscribers, { perSecond, receivers, ms: WARM_UP_MS });
      if (name !== "muster") compareFrames(sample, frame);
    }
    const costs = all.map((): number[] => []);
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const [at, contestant] of all.entries()) {
        const cost = await deliveryCost(contestant, subscribers, { perSecond, receivers, ms: WINDOW_MS });
        costs[at]?.push((cost.cpuMicrosecondsPerSecond - (idle[at] ?? 0)) / cost.deliveriesPerSecond);
      }
      const last = all.map(({ name }, at) => `${name} ${costs[at]?.at(-1)?.toFixed(1)}`).join(", ");
      say(`${receivers} subscribers, round ${round}: ${last} µs per delivery`);
    }
    for (const { name } of all) await subscribers.close(name);
    figures.push(...figuresOf(`feed.fanout_${receivers}`, costs.map(median)));
  }
  return figures;
}

/** A peer has to send what we send, but for the id of the subscription. */
function compareFrames(sent: string, ours: string): void {
  const payloadOf = (text: string) => text.slice(text.indexOf('"payload"'));
  if (payloadOf(sent) !== payloadOf(ours) || sent.length !== ours.length) {
    throw new Error(`A peer sends something else:\n${sent}\n${ours}`);
  }
}

function figuresOf(name: string, [muster = 0, ws = 0, yoga = 0]: readonly number[]): Figure[] {
  return [
    { name: `${name}.cpu_ratio_to_ws`, value: muster / ws, unit: "ratio" },
    { name: `${name}.cpu_ratio_to_yoga_pubsub`, value: muster / yoga, unit: "ratio" },
    { name: `${name}.us_per_delivery`, value: muster, unit: "µs" },
    { name: `${name}.ws_us_per_delivery`, value: ws, unit: "µs" },
    { name: `${name}.yoga_us_per_delivery`, value: yoga, unit: "µs" },
  ];
}
