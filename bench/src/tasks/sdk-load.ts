import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { formatId } from "@muster/domain/ids.ts";
import { PROJECT } from "../fleet.ts";

/** A process that creates tasks over HTTP, so many a second whether answers have come or not, when told to. */
const [url = ""] = process.argv.slice(2);
const authorization = `Bearer ${process.env["MUSTER_BENCH_KEY"]}`;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const query = `mutation ($input: CreateTaskInput!) { createTask(input: $input) { __typename ... on Error { message } } }`;
const variables = { input: { projectId: formatId("project", PROJECT), kind: "work", input: {} } };
const body = JSON.stringify({ query, variables });
const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body), authorization };

function create(): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/graphql`, { agent, method: "POST", headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("end", () => (text.includes("CreateTaskSuccess") ? resolve() : reject(new Error(text))));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function createMany(perSecond: number, seconds: number): Promise<number> {
  const answers: Promise<void>[] = [];
  const begun = performance.now();
  while (answers.length < perSecond * seconds) {
    const due = Math.min(perSecond * seconds, Math.floor(((performance.now() - begun) * perSecond) / 1_000));
    while (answers.length < due) answers.push(create());
    await sleep(1);
  }
  await Promise.all(answers);
  return answers.length / ((performance.now() - begun) / 1_000);
}

process.on("disconnect", () => process.exit(0));
process.on("message", (message: { perSecond: number; seconds: number }) => {
  void createMany(message.perSecond, message.seconds).then((answeredPerSecond) =>
    process.send?.({ answeredPerSecond }),
  );
});
