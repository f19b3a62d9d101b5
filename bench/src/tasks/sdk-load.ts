import { setTimeout as sleep } from "node:timers/promises";
import { formatId } from "@muster/domain/ids.ts";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { PROJECT } from "../fleet.ts";

/** A process that creates tasks over WebSockets, as the client does, so many a second whether answers have come or not, when told to. */
const [url = ""] = process.argv.slice(2);
const query = `mutation ($input: CreateTaskInput!) { createTask(input: $input) { __typename ... on Error { message } } }`;
const variables = { input: { projectId: formatId("project", PROJECT), kind: "work", input: {} } };
/** A server lets one have a number of operations open. */
const SOCKETS = 8;
const clients = Array.from({ length: SOCKETS }, () =>
  createClient({
    url: `${url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${process.env["MUSTER_BENCH_KEY"]}` },
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: (error) => process.emit("uncaughtException", error as Error),
  }),
);
let next = 0;

function create(): Promise<void> {
  next += 1;
  return new Promise((resolve, reject) => {
    clients[next % SOCKETS]?.subscribe<{ createTask: { __typename: string } }>(
      { query, variables },
      {
        next: (result) =>
          result.data?.createTask.__typename === "CreateTaskSuccess"
            ? resolve()
            : reject(new Error(JSON.stringify(result))),
        error: (error) => reject(error instanceof Error ? error : new Error(JSON.stringify(error))),
        complete: () => {},
      },
    );
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
