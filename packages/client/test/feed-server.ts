import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket as TcpSocket } from "node:net";
import { buildSchema, graphql, type GraphQLSchema, parse, subscribe } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";

const schema = buildSchema(`
  type Query { ok: Boolean }
  type Mutation { add(text: String!): Int! }
  type Subscription { feed(after: String): Frame! ticks: Int! refused: Int! }
  union Frame = EventDelivery | Bookmark | ResyncRequired
  type EventDelivery { cursor: String! event: Int! }
  type Bookmark { cursor: String! caughtUp: Boolean! }
  type ResyncRequired { cursor: String! reason: String! }
`);

export const FEED = `subscription ($after: String) { feed(after: $after) { __typename
  ... on EventDelivery { cursor event } ... on Bookmark { cursor caughtUp } ... on ResyncRequired { cursor reason } } }`;

/** How a subscription ends, once it has delivered so many events and there are more; a number is a close code. */
export interface Fate {
  readonly after: number;
  readonly ends: "complete" | "failure" | "slow consumer" | "cut" | number;
}

/** A server with a numbered feed, over WebSocket and as server-sent events: event n has the cursor "n". */
export async function startFeedServer(port = 0) {
  const http = createServer();
  const sockets = new Set<TcpSocket>();
  http.on("connection", (socket) => sockets.add(socket.on("close", () => sockets.delete(socket))));
  const webSockets = new WebSocketServer({ server: http, path: "/graphql" });
  const state = {
    /** The events are 1 to `last`; a subscriber is told of more when it rises. */
    last: 0,
    /** Cursors that subscribers came with, in order. */
    cursors: [] as (string | null)[],
    /** What connections said they are. */
    authorizations: [] as unknown[],
    accepts: (_authorization: unknown): boolean => true,
    /** Cursors below it are answered with ResyncRequired. */
    oldest: 0,
    /** What mutations came with, and over what. */
    added: [] as { readonly text: string; readonly over: "WebSocket" | "HTTP" }[],
    /** What a mutation answers, or waits for, or throws. */
    answer: async (_text: string, _over: "WebSocket" | "HTTP"): Promise<number> => state.added.length,
    /** What becomes of the n-th subscription, from 0. */
    fate: (_subscription: number): Fate => ({ after: Number.POSITIVE_INFINITY, ends: "complete" }),
  };
  const closeAll = (code: number, reason = "") => webSockets.clients.forEach((socket) => socket.close(code, reason));
  const cut = () => sockets.forEach((socket) => socket.destroy());
  async function* feed({ after }: { after: string | null }) {
    const { after: most, ends } = state.fate(state.cursors.push(after) - 1);
    let position = after === null ? state.last : Number(after);
    if (position < state.oldest) {
      yield { feed: { __typename: "ResyncRequired", cursor: String(state.last), reason: "CURSOR_EXPIRED" } };
      return;
    }
    for (let sent = 0; ;) {
      while (position < state.last) {
        if (sent >= most && ends === "complete") return;
        if (sent >= most && ends === "failure") throw new Error("Something is broken here.");
        if (sent >= most && ends === "slow consumer") {
          // What the server believes to have been taken may be less than what was handled.
          const cursor = String(Math.max(0, position - 3));
          yield { feed: { __typename: "ResyncRequired", cursor, reason: "SLOW_CONSUMER" } };
          return;
        }
        if (sent >= most && typeof ends === "number") closeAll(ends);
        if (sent >= most && ends === "cut") {
          const cutOff = [...webSockets.clients].map((socket) => once(socket, "close"));
          cut();
          await Promise.all(cutOff);
        }
        position += 1;
        yield { feed: { __typename: "EventDelivery", cursor: String(position), event: position } };
        sent += 1;
      }
      yield { feed: { __typename: "Bookmark", cursor: String(position), caughtUp: true } };
      while (position >= state.last) {
        if (!http.listening) return;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  }
  async function* ticks() {
    for (let tick = 1; tick <= 3; tick += 1) yield { ticks: tick };
  }
  const addOver = (over: "WebSocket" | "HTTP") => ({
    ok: true,
    add({ text }: { text: string }) {
      state.added.push({ text, over });
      return state.answer(text, over);
    },
  });
  const roots = {
    feed,
    ticks,
    refused: () => {
      throw Object.assign(new Error("There is no such thing."), { extensions: { code: "NOT_FOUND" } });
    },
  };
  http.on("request", (request, response) => {
    state.authorizations.push(request.headers.authorization);
    if (!state.accepts(request.headers.authorization)) return response.writeHead(401).end();
    const answering = request.headers.accept?.includes("text/event-stream")
      ? answerWithEvents({ schema, rootValue: roots }, request, response)
      : answerOnce({ schema, rootValue: addOver("HTTP") }, request, response);
    answering.catch(() => response.destroy());
  });
  const server = useServer(
    {
      schema,
      roots: { subscription: roots, mutation: addOver("WebSocket") },
      onConnect: ({ connectionParams }) => {
        state.authorizations.push(connectionParams?.["authorization"]);
        return state.accepts(connectionParams?.["authorization"]);
      },
    },
    webSockets,
  );
  await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
  const { port: listening } = http.address() as AddressInfo;
  return {
    state,
    port: listening,
    url: `http://127.0.0.1:${listening}`,
    connections: () => webSockets.clients.size,
    /** Cuts every connection without a goodbye. */
    cut,
    closeAll,
    /** Stops reading and writing, as a peer behind a broken network does. */
    freeze: () => sockets.forEach((socket) => socket.removeAllListeners("data").pause()),
    async stop() {
      for (const socket of sockets) socket.destroy();
      http.close();
      await server.dispose();
    },
  };
}

interface On {
  readonly schema: GraphQLSchema;
  readonly rootValue: unknown;
}

async function operationIn(request: IncomingMessage) {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return JSON.parse(body) as { query: string; variables: Record<string, unknown> };
}

async function answerOnce(on: On, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { query, variables } = await operationIn(request);
  response.end(JSON.stringify(await graphql({ ...on, source: query, variableValues: variables })));
}

/** GraphQL over server-sent events, as the server speaks it. */
async function answerWithEvents(on: On, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { query, variables } = await operationIn(request);
  response.writeHead(200, { "content-type": "text/event-stream" });
  const results = await subscribe({ ...on, document: parse(query), variableValues: variables });
  const send = (event: string, data: unknown) => response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  if (Symbol.asyncIterator in results) {
    response.once("close", () => void results.return?.(undefined));
    const alive = setInterval(() => response.write(":\n\n"), 40);
    response.once("close", () => clearInterval(alive));
    for await (const result of results) send("next", result);
  } else send("next", results);
  response.end("event: complete\ndata:\n\n");
}

export type FeedServer = Awaited<ReturnType<typeof startFeedServer>>;
