import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { change } from "./change.ts";
import { createTenant } from "./harness.ts";
import { asHarness, PlainAgent } from "./plain-agent.ts";
import { eventually, type ServerProcess, startServerProcess } from "./processes.ts";
import { databaseForTest, lookInto } from "./task-consistency.ts";
import { STEP_ENVIRONMENT, StepFaults, STEPS } from "./task-steps.ts";

async function startReplicas(environment: Record<string, string>) {
  const url = await databaseForTest();
  const [first, second] = await Promise.all([
    startServerProcess(url, environment),
    startServerProcess(url, environment),
  ]);
  return { first, second, database: lookInto(url) };
}

describe("SIGKILL of a replica during a step", () => {
  it("loses nothing that was acknowledged and does nothing twice, whichever step it is", async () => {
    const { first, second, database } = await startReplicas(STEP_ENVIRONMENT);
    const faults = await StepFaults.setUp(first, database);
    let [alive, next] = [first, second];
    let starting: Promise<void> | undefined;
    let cutOff = 0;
    for (const steps of STEPS) {
      const [dying, other] = [alive, next];
      cutOff += await faults.during(steps, dying, async () => {
        await Promise.all([dying.kill(), starting]);
        starting = dying.start();
        return other;
      });
      [alive, next] = [other, dying];
    }
    await starting;
    expect(cutOff, "calls were under way").toBeGreaterThan(5);
    await faults.finish(alive);
  }, 120_000);
});

describe("SIGTERM of a replica during claims", () => {
  it("ends the claims that wait at once, and leaves no task with nobody for longer than its lease", async () => {
    const { first, second, database } = await startReplicas(STEP_ENVIRONMENT);
    const tenant = await createTenant(asHarness(first));
    const names = Array.from({ length: 8 }, (_, index) => `plain-${index}`);
    const agents = await Promise.all(names.map((name) => PlainAgent.create(first, tenant, name, 5)));
    let ending = false;
    let handled = 0;

    /** Claims, starts and completes at one server until that does not answer any more, and then at the other. */
    const work = async (agent: PlainAgent): Promise<void> => {
      let server: ServerProcess = first;
      while (!ending) {
        try {
          const tasks = await agent.claim(server, 3, 20_000);
          for (const task of tasks) {
            await agent.call(server, "startTask", task);
            await agent.call(server, "completeTask", { ...task, output: null });
            handled += 1;
          }
        } catch {
          server = second;
        }
      }
    };
    const working = agents.map(work);
    const task = {
      projectId: tenant.projectId,
      kind: "work",
      input: {},
      backoff: { initialMs: 0, factor: 1, maxMs: 0 },
    };
    const create = async (server: ServerProcess) =>
      void (await change(
        asHarness(server),
        "createTasks",
        { tasks: Array.from({ length: 60 }, () => task) },
        "data { id }",
      ));
    await create(second);
    await eventually(
      async () => handled,
      (count) => count > 5,
    );
    const asked = performance.now();
    expect(await first.terminate()).toBe(0);
    expect(performance.now() - asked, "nobody who waits for work holds it up").toBeLessThan(15_000);
    await create(second);
    await eventually(
      () => database.read("select id from tasks where state not in ('SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED')"),
      (open) => open.length === 0,
      30_000,
    );
    // Nobody has held a task for longer than a lease and the sweep that finds it, on a busy machine.
    const [held] = await database.read<{ longest: number }>(`
      select max(extract(epoch from next - at))::float8 as longest from (
        select e.at, lead(e.at) over (partition by e.subject_id order by e.subject_version) as next, e.payload ->> 'to' as state
        from events e where e.type = 'task.transitioned') step where state in ('ASSIGNED', 'RUNNING')`);
    expect(held?.longest).toBeLessThan(8);
    const [ends] = await database.read<{ tasks: number; completions: number }>(
      "select (select count(*)::int from tasks where state = 'SUCCEEDED') as tasks, count(*)::int as completions from events where payload ->> 'action' = 'COMPLETE'",
    );
    expect(ends).toEqual({ tasks: 120, completions: 120 });
    ending = true;
    // The claims that still wait end with it.
    await second.terminate();
    await Promise.all(working);
    await database.expectConsistent();
  }, 60_000);

  it("answers a claim that waits with nothing, rather than cutting it off", async () => {
    const url = await databaseForTest();
    const server = await startServerProcess(url, STEP_ENVIRONMENT);
    const tenant = await createTenant(asHarness(server));
    const agent = await PlainAgent.create(server, tenant, "waiting", 5);
    const waiting = agent.claim(server, 1, 30_000);
    await sleep(300);
    const exit = server.terminate();
    expect(await waiting).toEqual([]);
    expect(await exit).toBe(0);
  });
});
