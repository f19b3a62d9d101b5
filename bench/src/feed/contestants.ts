import { startServerProcess } from "../server-process.ts";
import { type Contestant, ourselves, startPeer } from "./contestant.ts";
import type { Subscribers } from "./subscribers.ts";
import { followingAll } from "./subscription.ts";
import { openTransitionWriter } from "./transition-writer.ts";

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
