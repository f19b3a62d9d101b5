import { once } from "node:events";
import WebSocket from "ws";

/** Moves one agent by an operator's action. */
export const TRANSITION = `mutation ($input: TransitionAgentInput!) {
  transitionAgent(input: $input) { __typename ... on TransitionAgentSuccess { data { id state version } } ... on Error { message } }
}`;

/** Sends `TRANSITION` with its variables, and resolves with the text of the answer. */
export type SendTransition = (variables: unknown) => Promise<string>;

/** Sends transitions over one socket, any number at a time. */
export async function overWebSocket(url: string, authorization: string): Promise<SendTransition> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "connection_init", payload: { authorization } }));
  await once(socket, "message");
  const waiting = new Map<string, (text: string) => void>();
  let next = 0;
  socket.on("message", (data: Buffer) => {
    const text = data.toString();
    const { id, type } = JSON.parse(text) as { id?: string; type: string };
    if (type === "ping") socket.send('{"type":"pong"}');
    if (type !== "next" && type !== "error") return;
    waiting.get(id ?? "")?.(text);
    waiting.delete(id ?? "");
  });
  return (variables) =>
    new Promise((resolve) => {
      const id = String((next += 1));
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, type: "subscribe", payload: { query: TRANSITION, variables } }));
    });
}
