import { expect } from "vitest";
import type { Client } from "../src/client.ts";
import { document } from "../src/document.ts";
import type { FollowOptions } from "../src/follow.ts";
import type { Frame } from "../src/frames.ts";
import { FEED } from "./feed-server.ts";

type Data = { feed: Frame<number> };
type Variables = { after: string | null };
export type FollowOverrides = Partial<FollowOptions<Data, Variables>>;

/** The waits of tests are short. */
export const backoff = { baseMs: 20, maxMs: 60 };

/** Follows from the beginning until `last` has arrived; answers all events in the order of their arrival. */
export async function collectEvents(client: Client, last: number, overrides: FollowOverrides = {}): Promise<number[]> {
  const done = new AbortController();
  const events: number[] = [];
  await client.follow({
    document: document<Data, Variables>(FEED),
    variables: {},
    after: "0",
    backoff,
    signal: done.signal,
    onResync: () => expect.unreachable("no resync is due"),
    ...overrides,
    onEvent: async (event, cursor) => {
      await overrides.onEvent?.(event, cursor);
      events.push(event);
      if (event >= last) done.abort();
    },
  });
  return events;
}
