import { setTimeout as sleep } from "node:timers/promises";
import { startServerProcess } from "../server-process.ts";
import { type Contestant, ourselves, startPeer } from "./contestant.ts";
import type { Subscribers } from "./subscribers.ts";
import { followingAll } from "./subscription.ts";
import { openTransitionWriter } from "./transition-writer.ts";

/** A server is at rest when it uses less of a core than this. */
const AT_REST = 0.05;
const REST_WITHIN_SECONDS = 60;

/** The servers that are compared, each a fresh process. */
export interface Contestants {
  /** The text of one of our frames: what the peers send, too. */
  readonly frame: string;
  readonly muster: Contestant;
  readonly all: readonly Contestant[];
}

/** Runs `work` with fresh servers, and stops them. */
export async function withContestants<Result>(
  databaseUrl: string,
  subscribers: Subscribers,
  work: (contestants: Contestants) => Promise<Result>,
): Promise<Result> {
  // Agent 1 is the one that moves.
  const muster = ourselves(await startServerProcess(databaseUrl), openTransitionWriter(databaseUrl, 1));
  const all = [muster];
  try {
    const frame = await oneFrame(muster, subscribers);
    await atRest(muster);
    for (const name of ["ws", "yoga"] as const) all.push(await startPeer(name, frame));
    return await work({ frame, muster, all });
  } finally {
    await Promise.all(all.map((contestant) => contestant.close()));
  }
}

async function oneFrame({ url, key, greets, start, stop }: Contestant, subscribers: Subscribers): Promise<string> {
  await subscribers.open({ group: "first", url, key, greets, subscriptions: followingAll(2), timed: false });
  await start(20);
  let sample: string | null = null;
  while (sample === null) ({ sample } = await subscribers.look());
  await stop();
  await subscribers.close("first");
  return sample;
}

/** Resolves when the server has started its threads, and sealed in its audit log what others have left it: neither is the feed's cost. */
async function atRest({ name, usage }: Contestant): Promise<void> {
  for (let seconds = 0; seconds < REST_WITHIN_SECONDS; seconds += 1) {
    const before = await usage();
    await sleep(1_000);
    const after = await usage();
    if (after.cpuMicroseconds - before.cpuMicroseconds < AT_REST * 1_000_000) return;
  }
  throw new Error(`${name} was busy for a minute with nothing to deliver.`);
}
