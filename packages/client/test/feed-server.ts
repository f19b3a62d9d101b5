import { createServer } from "node:http";
import type { AddressInfo, Socket as TcpSocket } from "node:net";
import { buildSchema } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";

const schema = buildSchema(`
  type Query { ok: Boolean }
  type Subscription { feed(after: String): Frame! ticks: Int! refused: Int! }
  union Frame = EventDelivery | Bookmark | ResyncRequired
  type EventDelivery { cursor: String! event: Int! }
  type Bookmark { cursor: String! caughtUp: Boolean! }
  type ResyncRequired { cursor: String! reason: String! }
`);

export const FEED = `subscription ($after: String) { feed(after: $after) { __typename
  ... on EventDelivery { cursor event } ... on Bookmark { cursor caughtUp } ... on ResyncRequired { cursor reason } } }`;

/** A WebSocket server with a numbered feed: event n has the cursor "n". */
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
    /** Ends a feed after so many events. */
    completeAfter: Number.POSITIVE_INFINITY,
  };
  async function* feed({ after }: { after: string | null }) {
    state.cursors.push(after);
    let position = after === null ? state.last : Number(after);
    if (position < state.oldest) {
      yield { feed: { __typename: "ResyncRequired", cursor: String(state.last), reason: "CURSOR_EXPIRED" } };
      return;
    }
    for (let sent = 0; ;) {
      while (position < state.last) {
        position += 1;
        yield { feed: { __typename: "EventDelivery", cursor: String(position), event: position } };
        sent += 1;
        if (sent >= state.completeAfter) return;
      }
      yield { feed: { __typename: "Bookmark", cursor: String(position), caughtUp: true } };
      while (position >= state.last) await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  async function* ticks() {
    for (let tick = 1; tick <= 3; tick += 1) yield { ticks: tick };
  }
  const roots = {
    feed,
    ticks,
    refused: () => {
      throw Object.assign(new Error("There is no such thing."), { extensions: { code: "NOT_FOUND" } });
    },
  };
  const server = useServer(
    {
      schema,
      roots: { subscription: roots },
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
    cut: () => sockets.forEach((socket) => socket.resetAndDestroy()),
    closeAll: (code: number, reason = "") => webSockets.clients.forEach((socket) => socket.close(code, reason)),
    /** Stops reading and writing, as a peer behind a broken network does. */
    freeze: () => sockets.forEach((socket) => socket.removeAllListeners("data").pause()),
    async stop() {
      for (const socket of sockets) socket.destroy();
      http.close();
      await server.dispose();
    },
  };
}
export type FeedServer = Awaited<ReturnType<typeof startFeedServer>>;
