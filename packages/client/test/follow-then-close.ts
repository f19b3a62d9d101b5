/** A program that follows the feed at argv[2] until the first event, closes its client, and has nothing else to do. */
import { createClient } from "../src/client.ts";
import { document } from "../src/document.ts";
import type { Frame } from "../src/frames.ts";
import { serverSentEvents } from "../src/server-sent-events.ts";
import { webSocket } from "../src/web-socket.ts";
import { FEED } from "./feed-server.ts";

const [url = "", transport] = process.argv.slice(2);
const client = createClient({
  url,
  credentials: () => null,
  transport: transport === "sse" ? serverSentEvents : webSocket,
});
await client.follow({
  document: document<{ feed: Frame<number> }, { after: string | null }>(FEED),
  variables: {},
  after: "0",
  onEvent: () => client.close(),
  onResync: () => {},
});
process.stdout.write("closed");
