import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buildSchema, parse } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { createFetcher } from "#features/explorer/fetcher.ts";

const schema = buildSchema(`
  type Query { hello: String }
  type Subscription { events(count: Int!): Frame!  forever: Int }
  union Frame = EventDelivery
  type EventDelivery { event: Int }
`);
/** GraphiQL's observer, and what it was told. */
interface Seen {
  results: unknown[];
  error?: unknown;
  completed?: true;
}

let http: Server;
let sockets: WebSocketServer;
let origin: string;
let explorer: ReturnType<typeof createFetcher>;
const received: unknown[] = [];

beforeEach(async () => {
  received.length = 0;
  http = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      received.push(JSON.parse(body));
      if (body.includes("broken")) response.writeHead(502).end("<html>");
      else response.end(JSON.stringify({ data: { hello: "you" } }));
    });
  });
  sockets = new WebSocketServer({ server: http });
  const roots = {
    async *events({ count }: { count: number }) {
      for (let event = 1; event <= count; event += 1) yield { events: { __typename: "EventDelivery", event } };
    },
    async *forever() {
      yield { forever: 1 };
      await new Promise(() => {});
    },
  };
  useServer({ schema, roots: { subscription: roots } }, sockets);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  explorer = createFetcher(origin);
});
afterEach(() => {
  explorer.close();
  for (const socket of sockets.clients) socket.terminate();
  http.close();
});

function run(query: string, operationName?: string) {
  return explorer.fetcher({ query, operationName: operationName ?? null }, { documentAST: parse(query) });
}

function watch(query: string): Seen {
  const seen: Seen = { results: [] };
  const results = run(query) as { subscribe(observer: object): void };
  results.subscribe({
    next: (result: unknown) => seen.results.push(result),
    error: (error: unknown) => {
      seen.error = error;
    },
    complete: () => {
      seen.completed = true;
    },
  });
  return seen;
}

it("sends a query over HTTP, once", async () => {
  expect(await run("{ hello }")).toEqual({ data: { hello: "you" } });
  expect(received).toEqual([{ query: "{ hello }", operationName: null }]);
  expect(await run("query A { hello } subscription B { forever }", "A")).toEqual({ data: { hello: "you" } });
});

it("says what was wrong when there is no GraphQL answer", async () => {
  await expect(run("{ broken }")).rejects.toThrow("status 502");
  http.close();
  http.closeAllConnections();
  await expect(run("{ hello }")).rejects.toThrow("Muster cannot be reached");
});

it("gathers a subscription's events and shows them few times, the last of them for certain", async () => {
  const seen = watch("subscription { events(count: 200) { __typename ... on EventDelivery { event } } }");
  await expect.poll(() => seen.completed).toBe(true);
  const last = seen.results.at(-1) as { data: { newestFirst: number[] } };
  expect(last.data.newestFirst).toEqual(Array.from({ length: 50 }, (_, back) => 200 - back));
  expect(seen.results.length).toBeLessThan(20);
});

it("shows why a subscription is refused, as the server says it", async () => {
  const seen = watch("subscription { nothing }");
  await expect.poll(() => seen.error).toMatchObject({ errors: [{ message: expect.stringContaining("nothing") }] });
});

it("says that the connection was lost, and does not go on by itself", async () => {
  const seen = watch("subscription { forever }");
  await expect.poll(() => seen.results).toEqual([{ data: { forever: 1 } }]);
  const [socket] = sockets.clients as Set<WebSocket>;
  socket?.close(1001, "Going away");
  await expect
    .poll(() => String(seen.error))
    .toContain("The connection was lost (Going away). Run the subscription again.");
  expect(sockets.clients.size).toBe(0);
});
