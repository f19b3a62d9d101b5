import { setTimeout as sleep } from "node:timers/promises";
import { formatId } from "@muster/domain/ids.ts";
import { agentUuid } from "../fleet.ts";
import { overWebSocket } from "../transition-socket.ts";

/** A process that moves agents in turn through the API, so many a second whether answers have come or not. */
const [url = "", first = "1", agents = "1", perSecond = "1", seconds = "1"] = process.argv.slice(2);
const authorization = `Bearer ${process.env["MUSTER_BENCH_KEY"]}`;
const SOCKETS = 16;

process.on("disconnect", () => process.exit(0));
const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => overWebSocket(url, authorization)));
const answers: Promise<void>[] = [];
/** Of each agent: its transitions go one after the other. */
const last = new Map<number, Promise<void>>();

async function move(number: number): Promise<void> {
  const agent = number % Number(agents);
  const action = Math.floor(number / Number(agents)) % 2 === 0 ? "MAINTAIN" : "RESUME";
  const input = { agentId: formatId("agent", agentUuid(Number(first) + agent)), action, reason: "bench" };
  await last.get(agent);
  const answer = await sockets[agent % SOCKETS]?.({ input });
  if (!answer?.includes("TransitionAgentSuccess")) throw new Error(answer);
}

const begun = performance.now();
const total = Number(perSecond) * Number(seconds);
while (answers.length < total) {
  const due = Math.min(total, Math.floor(((performance.now() - begun) * Number(perSecond)) / 1_000));
  while (answers.length < due) {
    const moved = move(answers.length);
    last.set(answers.length % Number(agents), moved);
    answers.push(moved);
  }
  await sleep(1);
}
await Promise.all(answers);
process.send?.({ answeredPerSecond: total / ((performance.now() - begun) / 1_000) });
