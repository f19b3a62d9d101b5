import { once } from "node:events";
import { Agent, request } from "node:http";
import { formatId } from "@muster/domain/ids.ts";
import WebSocket from "ws";
import { agentUuid } from "./fleet.ts";

/** One client process of the benchmark: prints how many transitions a second it got answered. */
const [transport, url = "", first = "1", share = "1", callers = "1", seconds = "1"] = process.argv.slice(2);
const authorization = `Bearer ${process.env["MUSTER_BENCH_KEY"]}`;
const QUERY = `mutation ($input: TransitionAgentInput!) {
  transitionAgent(input: $input) { __typename ... on TransitionAgentSuccess { data { id state version } } ... on Error { message } }
}`;

type Send = (variables: unknown) => Promise<string>;

function overHttp(): Send {
  const agent = new Agent({ keepAlive: true, maxSockets: Number(callers) });
  return (variables) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify({ query: QUERY, variables });
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body), authorization };
      const sent = request(`${url}/graphql`, { agent, method: "POST", headers }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("end", () => resolve(text));
      });
      sent.on("error", reject);
      sent.end(body);
    });
}

async function overWebSocket(): Promise<Send> {
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
      socket.send(JSON.stringify({ id, type: "subscribe", payload: { query: QUERY, variables } }));
    });
}

const sends = await Promise.all(
  Array.from({ length: Number(callers) }, () => (transport === "http" ? null : overWebSocket())),
);
const http = overHttp();
const perCaller = Math.floor(Number(share) / Number(callers));
const started = performance.now();
const until = started + Number(seconds) * 1000;
let count = 0;

await Promise.all(
  sends.map(async (send, caller) => {
    const begin = Number(first) + caller * perCaller;
    const moved = new Set<number>();
    const move = async (number: number) => {
      const action = moved.has(number) ? "RESUME" : "MAINTAIN";
      const input = { agentId: formatId("agent", agentUuid(number)), action, reason: "bench" };
      const answer = await (send ?? http)({ input });
      if (!answer.includes("TransitionAgentSuccess")) throw new Error(answer);
      if (!moved.delete(number)) moved.add(number);
    };
    while (performance.now() < until) {
      await move(begin + Math.floor(Math.random() * perCaller));
      count += 1;
    }
    for (const number of moved) await move(number);
  }),
);
process.stdout.write(`${count / ((performance.now() - started) / 1000)}\n`);
process.exit(0);
