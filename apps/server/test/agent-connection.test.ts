import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";
import { createJournal, startWorker } from "./processes.ts";
import { agentIn, giveTask, runAgent, taskIn } from "./sdk-fixtures.ts";

let server: TestServer;
let tenant: Tenant;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

/** A way to the server that can be cut: all connections at once, and new ones for a while. */
async function startProxy(target: string) {
  const sockets = new Set<Socket>();
  let open = true;
  const proxy = createServer((incoming) => {
    if (!open) return void incoming.resetAndDestroy();
    const outgoing = connect(Number(new URL(target).port), "127.0.0.1");
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => {});
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const cut = () => sockets.forEach((socket) => socket.resetAndDestroy());
  onTestFinished(() => {
    cut();
    proxy.close();
  });
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    async cut(ms: number) {
      open = false;
      cut();
      await sleep(ms);
      open = true;
    },
  };
}

it("keeps its tasks while the connection is lost, reports them once, and is given work again", async () => {
  const proxy = await startProxy(server.url);
  const runs: number[] = [];
  const agent = await runAgent(
    server,
    tenant,
    {
      tasks: {
        work: async (task, tools) => {
          runs.push(task.attempt);
          for (let step = 1; step <= 10; step += 1) {
            void tools.progress(step / 10, undefined, { step });
            await sleep(100);
          }
          return "whole";
        },
      },
    },
    { url: proxy.url },
  );
  const id = await giveTask(server, tenant, agent.id);
  await taskIn(server, id, "RUNNING");
  for (const ms of [50, 300, 900]) {
    await proxy.cut(ms);
    await sleep(150);
  }
  expect(await taskIn(server, id, "SUCCEEDED", "FAILED", "QUEUED")).toMatchObject({
    attempt: 1,
    output: "whole",
    progress: 1,
  });
  expect(runs).toEqual([1]);
  const next = await giveTask(server, tenant, agent.id);
  await taskIn(server, next, "SUCCEEDED");
  expect(runs).toEqual([1, 1]);
});

it("waits for a server that is not up yet", async () => {
  const proxy = await startProxy(server.url);
  const away = proxy.cut(600);
  const agent = await runAgent(server, tenant, { tasks: { work: () => "done" } }, { url: proxy.url });
  const id = await giveTask(server, tenant, agent.id);
  await away;
  expect(await taskIn(server, id, "SUCCEEDED")).toMatchObject({ output: "done" });
});

it("ends its process with code 0 on SIGTERM, and with code 1 when it is refused", async () => {
  const journal = await createJournal();
  const agent = await createAgent(server, tenant, "worker");
  const worker = startWorker(server.url, agent, journal.path);
  await agentIn(server, agent.id, "ONLINE", "IDLE");
  worker.kill("SIGTERM");
  expect(await once(worker, "exit")).toEqual([0, null]);
  const refused = startWorker(server.url, { id: agent.id, key: "mst_wrong" }, journal.path);
  expect(await once(refused, "exit")).toEqual([1, null]);
});
