import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { backoff, collectEvents } from "../test/collect-events.ts";
import { type FeedServer, startFeedServer } from "../test/feed-server.ts";
import { createClient } from "./client.ts";
import { document } from "./document.ts";
import { serverSentEvents } from "./server-sent-events.ts";
import type { Status } from "./status.ts";

let server: FeedServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function answering(listener: RequestListener): Promise<string> {
  const http = createServer(listener);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

function connect(url: string, credentials: (refused?: string) => string = () => "key", silenceMs = 20_000) {
  const client = createClient({
    url,
    credentials,
    transport: serverSentEvents,
    backoff,
    keepAliveMs: silenceMs / 2,
    answerTimeoutMs: silenceMs / 2,
  });
  onTestFinished(() => client.close());
  return client;
}

describe("subscriptions over server-sent events", () => {
  it("go on after the last event when the stream breaks off, and say so", async () => {
    const running = (server = await startFeedServer());
    running.state.last = 3;
    const client = connect(running.url);
    const statuses: Status[] = [];
    client.onStatus((status) => statuses.push(status));
    const events = await collectEvents(client, 6, {
      onEvent: (event) => {
        if (event !== 3) return;
        running.state.last = 6;
        running.cut();
      },
    });
    expect(events).toEqual([1, 2, 3, 4, 5, 6]);
    expect(running.state.cursors).toEqual(["0", "3"]);
    expect(running.state.authorizations).toEqual(["Bearer key", "Bearer key"]);
    expect(statuses).toEqual(["live", "reconnecting", "live"]);
  });

  it("notice a server that has gone silent, but not one that only keeps the stream alive", async () => {
    const running = (server = await startFeedServer());
    running.state.last = 1;
    const patient = connect(running.url, undefined, 500);
    const later = setTimeout(() => (running.state.last = 2), 1_200);
    onTestFinished(() => clearTimeout(later));
    expect(await collectEvents(patient, 2)).toEqual([1, 2]);
    expect(running.state.cursors).toEqual(["0"]);

    let requests = 0;
    const silent = await answering((_request, response) => {
      requests += 1;
      response.writeHead(200, { "content-type": "text/event-stream" });
      const frame = { __typename: "EventDelivery", cursor: String(requests), event: requests };
      response.write(`event: next\ndata: ${JSON.stringify({ data: { feed: frame } })}\n\n`);
    });
    expect(await collectEvents(connect(silent, undefined, 500), 2)).toEqual([1, 2]);
  });

  it("end with the server's error, without another attempt", async () => {
    const running = (server = await startFeedServer());
    const client = connect(running.url);
    const read = async () => {
      for await (const _ of client.subscribe(document("subscription { refused }"), {})) expect.unreachable();
    };
    await expect(read()).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(client.status).toBe("live");
    expect(running.state.authorizations.length).toBe(1);
    const gone = connect(await answering((_request, response) => response.writeHead(404).end()));
    await expect(collectEvents(gone, 1)).rejects.toMatchObject({ name: "TransportError", status: 404 });
  });

  it("count a stream that ends without the server's word as a lost connection", async () => {
    const url = await answering((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).end(":\n\n");
    });
    const client = connect(url);
    const following = collectEvents(client, 1);
    await expect.poll(() => client.status, { timeout: 5_000 }).toBe("offline");
    client.close();
    expect(await following).toEqual([]);
  });

  it("renew credentials that were refused, once", async () => {
    const running = (server = await startFeedServer());
    running.state.last = 5;
    let token = "old";
    const refused: (string | undefined)[] = [];
    const client = connect(running.url, (old) => {
      if (old) refused.push(old);
      if (old === "old") token = "new";
      return token;
    });
    running.state.accepts = (authorization) => authorization === "Bearer new";
    expect(await collectEvents(client, 5)).toEqual([1, 2, 3, 4, 5]);
    running.state.accepts = () => false;
    await expect(collectEvents(client, 5)).rejects.toMatchObject({ name: "UnauthenticatedError" });
    expect(refused).toEqual(["old", "new"]);
  });

  it("complete with the server's word, and stop when the client closes", async () => {
    const running = (server = await startFeedServer());
    const client = connect(running.url);
    const ticks = document<{ ticks: number }, object>("subscription { ticks }");
    const seen: number[] = [];
    for await (const data of client.subscribe(ticks, {})) {
      seen.push(data.ticks);
      if (seen.length === 6) client.close();
    }
    expect(seen).toEqual([1, 2, 3, 1, 2, 3]);
  });
});
