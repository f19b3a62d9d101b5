import { expect, it } from "vitest";
import { change } from "./change.ts";
import { createAgent, createTenant } from "./harness.ts";
import { asHarness, PlainAgent } from "./plain-agent.ts";
import { createJournal, eventually, startServerProcess, startWorker } from "./processes.ts";
import { databaseForTest, lookInto } from "./task-consistency.ts";

const HOUR_MS = 3_600_000;

/** Node's options that put the clock of a process ahead by so much: Date is what programs read it by. */
function clockAhead(ms: number): string {
  const program = `
    const Real = Date;
    globalThis.Date = class extends Real {
      constructor(...given) { given.length === 0 ? super(Real.now() + ${ms}) : super(...given); }
      static now() { return Real.now() + ${ms}; }
    };`;
  return `--import data:text/javascript,${encodeURIComponent(program)}`;
}

it.each([
  ["ahead", HOUR_MS],
  ["behind", -HOUR_MS],
])(
  "a server whose clock is an hour %s keeps every time by the database's clock",
  async (_, skew) => {
    const url = await databaseForTest();
    const server = await startServerProcess(url, {
      NODE_OPTIONS: clockAhead(skew),
      MUSTER_LEASE_MS: "3000",
      MUSTER_START_TIMEOUT_MS: "3000",
    });
    const database = lookInto(url);
    const tenant = await createTenant(asHarness(server));
    const create = async (more: object) => {
      const task = { projectId: tenant.projectId, kind: "work", input: {}, ...more };
      const answer = await change(asHarness(server), "createTask", task);
      if (!answer.data) throw new Error(JSON.stringify(answer));
      return answer.data["id"] as string;
    };
    const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
    const plain = await PlainAgent.create(server, tenant, "silent", 20);
    const journal = await createJournal();
    const busy = await createAgent(asHarness(server), tenant, "busy");

    // Held with heartbeats for longer than a lease; held without; delayed; and with a deadline that nobody meets.
    const long = await create({ agentId: busy.id, input: { ms: 5_000 } });
    startWorker(server.url, busy, journal.path);
    const backoff = { initialMs: 60_000, factor: 1, maxMs: 60_000 };
    const abandoned = await create({ agentId: plain.id, backoff });
    const limited = await create({ agentId: plain.id, timeoutMs: 300, maxFailures: 1 });
    for (const task of await plain.claim(server, 2)) await plain.call(server, "startTask", task);
    const dueAt = Date.now() + 2_000;
    const delayed = await create({ agentId: plain.id, runAt: new Date(dueAt).toISOString() });
    const late = await create({ kind: "nobody", deadline: inMs(1_500) });
    const inTime = await create({ kind: "nobody", deadline: inMs(HOUR_MS / 2) });
    const past = { projectId: tenant.projectId, kind: "work", input: {}, deadline: inMs(-60_000) };
    expect(await change(asHarness(server), "createTask", past)).toMatchObject({ __typename: "InvalidInput" });

    const scheduled = {
      projectId: tenant.projectId,
      name: "often",
      cron: "*/2 * * * * *",
      task: { kind: "nobody", input: {} },
    };
    expect(await change(asHarness(server), "createSchedule", scheduled)).toMatchObject({
      __typename: "CreateScheduleSuccess",
    });
    const once = { kind: "nobody", idempotencyKey: "once", idempotencyWindowMs: 1_500 };
    const first = await create(once);
    expect(await create(once)).toBe(first);

    expect(await plain.claim(server, 10)).toEqual([]);
    const claimed = await plain.claim(server, 10, 10_000);
    expect(claimed.map(({ taskId }) => taskId)).toEqual([delayed]);
    expect(Date.now()).toBeGreaterThan(dueAt - 50);
    expect(Date.now()).toBeLessThan(dueAt + 4_000);
    await plain.call(server, "startTask", claimed[0]!);
    await plain.call(server, "completeTask", { ...claimed[0]!, output: null });

    const steps = (id: string) =>
      server
        .ask<{ node: { state: string; attempt: number; failures: number } }>(
          `query ($id: ID!) { node(id: $id) { ... on Task { state attempt failures } } }`,
          { id },
        )
        .then(({ data }) => data!.node);
    const ended = (id: string, state: string) =>
      eventually(
        () => steps(id),
        (task) => task.state === state,
        10_000,
      );
    expect(await ended(long, "SUCCEEDED")).toMatchObject({ attempt: 1, failures: 0 });
    expect(await ended(abandoned, "QUEUED")).toMatchObject({ attempt: 1, failures: 1 });
    await ended(limited, "FAILED");
    await ended(late, "EXPIRED");
    expect(await steps(inTime)).toMatchObject({ state: "QUEUED" });
    expect(await create(once)).not.toBe(first);
    // Every two seconds, from the first such second on.
    const [runs] = await eventually(
      () =>
        database.read<{ count: number; wait: number; every: number }>(`
          select count(*)::int as count, extract(epoch from min(t.created_at) - min(s.created_at))::float8 as wait,
            extract(epoch from max(t.created_at) - min(t.created_at))::float8 / nullif(count(*) - 1, 0) as every
          from tasks t join schedules s on s.id = t.schedule_id`),
      ([row]) => (row?.count ?? 0) >= 3,
    );
    expect(runs?.wait).toBeLessThan(8);
    expect(runs?.every).toBeGreaterThan(1);
    expect(runs?.every).toBeLessThan(5);

    // No time in the log is off, and what ended by itself did so at its time.
    const [times] = await database.read<{ off: number; leases: number; deadlines: number }>(`select
    (select count(*)::int from events where abs(extract(epoch from (clock_timestamp() - at))) > 60) as off,
    (select extract(epoch from max(b.at) - max(a.at))::float8 from events a, events b
      where a.payload ->> 'action' = 'START' and b.payload ->> 'action' = 'RETRY' and b.payload #>> '{error,kind}' = 'lease_expired'
        and a.task_id = b.task_id) as leases,
    (select extract(epoch from finished_at - deadline)::float8 from tasks where state = 'EXPIRED') as deadlines`);
    expect(times?.off).toBe(0);
    expect(times?.leases).toBeGreaterThanOrEqual(3);
    expect(times?.leases).toBeLessThan(10);
    expect(times?.deadlines).toBeGreaterThanOrEqual(0);
    expect(times?.deadlines).toBeLessThan(4);
    await database.expectSettled();
  },
  60_000,
);
