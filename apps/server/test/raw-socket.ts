import { once } from "node:events";
import { onTestFinished } from "vitest";
import WebSocket from "ws";
import type { TestServer } from "./harness.ts";

export interface RawMessage {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A socket that speaks graphql-transport-ws by hand, and remembers what came. */
export interface RawSocket {
  readonly socket: WebSocket;
  readonly messages: RawMessage[];
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  send(message: object): void;
  subscribe(id: string, query: string, variables?: object): void;
  /** The frames that came for an operation. */
  frames(id: string): { __typename: string; cursor: string; [field: string]: unknown }[];
}

/** Opens a socket with the admin's key, or another; without waiting for the answer when `key` is null. */
export async function openRawSocket(server: TestServer, key: string | null = server.adminKey): Promise<RawSocket> {
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  onTestFinished(() => socket.terminate());
  const messages: RawMessage[] = [];
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  socket.on("error", () => {});
  socket.on("message", (data: Buffer) => messages.push(JSON.parse(data.toString()) as RawMessage));
  await once(socket, "open");
  const raw: RawSocket = {
    socket,
    messages,
    closed,
    send: (message) => socket.send(JSON.stringify(message)),
    subscribe: (id, query, variables = {}) => raw.send({ id, type: "subscribe", payload: { query, variables } }),
    frames: (id) =>
      messages.flatMap((message) =>
        message.type === "next" && message.id === id
          ? Object.values((message.payload as { data: Record<string, never> }).data)
          : [],
      ),
  };
  if (key !== null) {
    raw.send({ type: "connection_init", payload: { authorization: `Bearer ${key}` } });
    await Promise.race([once(socket, "message"), closed]);
  }
  return raw;
}
