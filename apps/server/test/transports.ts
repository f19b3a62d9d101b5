import WebSocket from "ws";
import type { TestServer } from "./harness.ts";

export interface Outcome {
  /** The code of the first error, "CLOSED_<code>" when the socket was closed instead; undefined without an error. */
  readonly code: string | undefined;
  readonly limit: string | undefined;
  readonly message: string | undefined;
  readonly data: unknown;
}

/** What is sent: an operation as JSON text, because some of what tests send JSON.stringify could not write. */
export type SendBody = (body: string) => Promise<Outcome>;

interface Result {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string; readonly limit?: string };
  }[];
}

/** The three ways to send an operation to the server, each giving the same. `key`: null for none. */
export function transportsOf(server: () => TestServer, key?: string): [name: string, send: SendBody][] {
  const authorization = () => `Bearer ${key ?? server().adminKey}`;
  const post = async (body: string, accept: string) => {
    const headers = { "content-type": "application/json", accept, authorization: authorization() };
    return (await fetch(`${server().url}/graphql`, { method: "POST", headers, body })).text();
  };
  return [
    ["HTTP", async (body) => outcomeOf(JSON.parse(await post(body, "application/json")) as Result)],
    [
      "SSE",
      async (body) => {
        const text = await post(body, "text/event-stream");
        return outcomeOf(JSON.parse(/^data: ?(\{.*)$/m.exec(text)?.[1] ?? text) as Result);
      },
    ],
    ["WebSocket", (body) => overWebSocket(server().url, authorization(), body)],
  ];
}

/** The body of an operation. `variables` is JSON text. */
export function bodyOf(query: string, variables = "{}"): string {
  return `{"query":${JSON.stringify(query)},"variables":${variables}}`;
}

function outcomeOf({ data, errors }: Result): Outcome {
  const [first] = errors ?? [];
  return { code: first?.extensions.code, limit: first?.extensions.limit, message: first?.message, data };
}

function overWebSocket(url: string, authorization: string, body: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
    socket.once("error", reject);
    socket.once("close", (code) =>
      resolve({ code: `CLOSED_${code}`, limit: undefined, message: undefined, data: null }),
    );
    socket.once("open", () => socket.send(JSON.stringify({ type: "connection_init", payload: { authorization } })));
    socket.on("message", (data: Buffer) => {
      const { type, payload } = JSON.parse(data.toString()) as { type: string; payload?: unknown };
      if (type === "connection_ack") return socket.send(`{"id":"1","type":"subscribe","payload":${body}}`);
      if (type !== "error" && type !== "next") return;
      resolve(outcomeOf((type === "next" ? payload : { data: null, errors: payload }) as Result));
      socket.terminate();
    });
  });
}
