import type { ProjectEvent } from "@muster/agent/events.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";
import { giveTask, runAgent, taskIn } from "./sdk-fixtures.ts";

let server: TestServer;
let tenant: Tenant;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

const onResync = () => expect.unreachable("nothing is missed here");
const fail = (error: unknown) => expect.unreachable(String(error));

describe("an agent that follows its project's events", () => {
  it("takes them up where its last process left off, and ends with it", async () => {
    const watcher = await createAgent(server, tenant, "watcher");
    const worker = await createAgent(server, tenant, "watched");
    const seen: ProjectEvent[] = [];
    let kept: { readonly cursor: string; readonly events: number } | null = null;
    let ended = 0;
    const start = () =>
      runAgent(
        server,
        tenant,
        {
          tasks: {},
          onInitialize({ events }) {
            events
              .follow({
                filter: { types: ["task.transitioned"], agents: [worker.id] },
                after: kept?.cursor ?? null,
                onEvent: (event) => void seen.push(event),
                onBookmark: (cursor) => void (kept = { cursor, events: seen.length }),
                onResync,
              })
              .then(() => (ended += 1), fail);
          },
        },
        { as: watcher },
      );
    const steps = () => seen.map(({ subjectId, payload }) => `${subjectId} ${(payload as { to: string }).to}`);
    const story = (id: string) => ["QUEUED", "ASSIGNED", "RUNNING", "SUCCEEDED"].map((state) => `${id} ${state}`);

    const first = await start();
    await expect.poll(() => kept?.events, { timeout: 10_000 }).toBe(0);
    await runAgent(server, tenant, { tasks: { work: () => null } }, { as: worker });
    const before = await giveTask(server, tenant, worker.id);
    await expect.poll(steps, { timeout: 10_000 }).toEqual(story(before));
    expect(seen[0]?.at).toBeInstanceOf(Date);
    expect(seen[0]?.actor.name).toBe("bootstrap");
    await expect.poll(() => kept?.events, { timeout: 10_000 }).toBe(4);
    await first.stop();
    await expect.poll(() => ended).toBe(1);

    const meanwhile = await giveTask(server, tenant, worker.id);
    await taskIn(server, meanwhile, "SUCCEEDED");
    await start();
    await expect.poll(steps, { timeout: 10_000 }).toEqual([...story(before), ...story(meanwhile)]);
  });

  it("lets what a task follows end with the task", async () => {
    let following: Promise<void> | undefined;
    const agent = await runAgent(server, tenant, {
      tasks: {
        work: async (_task, { events }) => {
          const live = Promise.withResolvers<void>();
          following = events.follow({ onEvent: () => {}, onBookmark: () => live.resolve(), onResync });
          await live.promise;
        },
      },
    });
    await taskIn(server, await giveTask(server, tenant, agent.id), "SUCCEEDED");
    await following;
  });
});
