import WebSocket from "ws";
import type { FeedConnection, FeedRequest } from "./connection.ts";
import { type ClientFrame, type Field, subscriptionTo } from "./frame.ts";

export interface SocketRequest {
  readonly url: string;
  readonly key: string;
  readonly field: Field;
  readonly project: string;
  readonly after: string;
  /** How many times it subscribes to the same. */
  readonly subscriptions: number;
  /** Asked for of each event besides what histories need. */
  readonly more?: string;
  readonly onFrame: (frame: ClientFrame, subscription: number) => void;
}

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: { readonly data?: Record<string, ClientFrame>; readonly errors?: { readonly message: string }[] };
}

/** A client of the protocol graphql-transport-ws, as plain as can be. It ends when all its subscriptions have. */
export function openSocket(request: SocketRequest): FeedConnection {
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  const socket = new WebSocket(`${request.url.replace(/^http/, "ws")}/graphql`, "graphql-transport-ws", {
    perMessageDeflate: false,
    handshakeTimeout: 10_000,
  });
  const send = (message: object) => socket.send(JSON.stringify(message));
  let open = request.subscriptions;
  const finish = (reason: string) => {
    resolve(reason);
    socket.terminate();
  };
  const completed = (reason: string) => {
    open -= 1;
    if (open === 0) finish(reason);
  };
  socket.on("error", (error) => resolve(error.message));
  socket.on("close", (code) => resolve(`closed with code ${code}`));
  socket.on("open", () => send({ type: "connection_init", payload: { authorization: `Bearer ${request.key}` } }));
  socket.on("message", (data: Buffer) => {
    const { type, id, payload } = JSON.parse(data.toString()) as Message;
    if (type === "ping") send({ type: "pong" });
    if (type === "connection_ack") {
      const query = subscriptionTo(request.field, request.more);
      const variables = { project: request.project, after: request.after };
      for (let number = 0; number < request.subscriptions; number += 1) {
        send({ id: String(number), type: "subscribe", payload: { query, variables } });
      }
    }
    if (type === "next") {
      const frame = payload?.data?.[request.field];
      if (!frame) return finish(payload?.errors?.[0]?.message ?? "a result without a frame");
      request.onFrame(frame, Number(id));
    }
    if (type === "complete") completed("completed");
    if (type === "error") completed((payload as unknown as { message: string }[])[0]?.message ?? "refused");
  });
  return { ended, cut: () => finish("cut") };
}

/** One subscription on a WebSocket. */
export function followOverSocket(request: FeedRequest): FeedConnection {
  return openSocket({ ...request, subscriptions: 1 });
}
