import { fork } from "node:child_process";
import type { Feed } from "../src/feed.ts";
import type { Frame } from "../src/frame.ts";
import { subscribe } from "../src/subscribe.ts";

/** A copy of a frame whose cursor is plain data. */
export function recorded(frame: Frame): Frame {
  const { cursor } = frame;
  return frame.kind === "EventDelivery" ? { kind: frame.kind, cursor, event: frame.event } : { ...frame };
}

/** Takes frames until `enough` says so, and cuts the connection. */
export async function read(
  feed: Feed,
  projectId: string,
  after: string | null,
  enough: (taken: readonly Frame[]) => boolean,
) {
  const subscription = subscribe(feed, { place: { projectId }, after });
  const taken: Frame[] = [];
  for await (const frame of subscription) {
    taken.push(recorded(frame));
    if (enough(taken)) break;
  }
  return taken;
}

/** Whether these frames reach the present of a log that nobody writes to any more. */
export function atEnd(frames: readonly Frame[]): boolean {
  const last = frames.at(-1);
  return last?.kind === "Bookmark" && last.caughtUp;
}

/** Reads in a process of its own, `count` frames or to the present. */
export async function readInProcess(url: string, projectId: string, after: string, count: number): Promise<Frame[]> {
  const child = fork(new URL("./reader-process.ts", import.meta.url), [url, projectId, after, String(count)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    serialization: "advanced",
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const frames = await new Promise<Frame[]>((resolve, reject) => {
    child.once("message", (message) => resolve(message as Frame[]));
    child.once("exit", (code) => reject(new Error(`The reader ended with code ${code} and no frames.`)));
  });
  await exited;
  return frames;
}
