import { Agent, request } from "node:http";
import { formatId } from "@muster/domain/ids.ts";
import { agentUuid } from "../fleet.ts";

/** Asks the server for one agent, 32 requests at a time, for as long as it is told to. */
const CALLERS = 32;
const url = process.env["MUSTER_BENCH_URL"] ?? "";
const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
const body = JSON.stringify({
  query: "query ($id: ID!) { node(id: $id) { id ... on Agent { name state } } }",
  variables: { id: formatId("agent", agentUuid(7)) },
});

interface Order {
  readonly path: string;
  readonly credential: string;
  readonly seconds: number;
}

process.on("message", (message) => {
  if (typeof message === "object" && message !== null && "path" in message) void load(message as Order);
});
process.on("SIGTERM", () => process.exit(0));

async function load({ path, credential, seconds }: Order): Promise<void> {
  const begun = performance.now();
  let count = 0;
  const caller = async () => {
    while (performance.now() < begun + seconds * 1_000) {
      await ask(path, credential);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  process.send?.({ count, elapsedMs: performance.now() - begun });
}

function ask(path: string, credential: string): Promise<void> {
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    authorization: `Bearer ${credential}`,
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { agent, method: "POST", headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("end", () => (text.includes('"agent-7"') ? resolve() : reject(new Error(text))));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
