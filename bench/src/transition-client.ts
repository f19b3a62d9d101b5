import { Agent, request } from "node:http";
import { formatId } from "@muster/domain/ids.ts";
import { agentUuid } from "./fleet.ts";
import { overWebSocket, type SendTransition, TRANSITION } from "./transition-socket.ts";

/** One client process of the benchmark: prints how many transitions a second it got answered. */
const [transport, url = "", first = "1", share = "1", callers = "1", seconds = "1"] = process.argv.slice(2);
const authorization = `Bearer ${process.env["MUSTER_BENCH_KEY"]}`;
function overHttp(): SendTransition {
  const agent = new Agent({ keepAlive: true, maxSockets: Number(callers) });
  return (variables) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify({ query: TRANSITION, variables });
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

const sends = await Promise.all(
  Array.from({ length: Number(callers) }, () => (transport === "http" ? null : overWebSocket(url, authorization))),
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
