import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { parseId } from "@muster/domain/ids.ts";
import pg from "pg";
import { percentile } from "../median.ts";
import { type Figure, say } from "../report.ts";
import { startServerProcess } from "../server-process.ts";
import { ChildPrograms } from "./child-programs.ts";

const AGENTS = 1_000;
const FIRST_AGENT = 1_001;
const AGENT_PROCESSES = 2;
const PER_SECOND = 500;
/** A server that has just started spends its first seconds on compiling its code. */
const WARM_UP_SECONDS = 12;
const SECONDS = 10;
/** What is tried after that, for so long each, until one no longer holds. */
const HIGHER = [750, 1_000, 1_250, 1_500, 2_000, 2_500, 3_000, 4_000];
const STEP_SECONDS = 5;
/** A rate holds when tasks are created as fast as asked for, and nearly all begin within this time: no backlog builds up. */
const KEEPS_UP_MS = 250;
const KEEPS_UP_SHARE = 0.97;
/** How long the last tasks of a step may take to begin. */
const LAST_MS = 5_000;

/**
 * 1,000 agents of the SDK are connected to one server; another process creates tasks over WebSockets. The time from the task's
 * `created_at`, which the database's clock gives inside the statement before it commits, to the first line of the handler: the
 * commit itself is part of it. Both clocks are the machine's.
 */
export async function assignmentsOverSdk(databaseUrl: string): Promise<Figure[]> {
  const server = await startServerProcess(databaseUrl);
  const programs = new ChildPrograms({ MUSTER_BENCH_KEY: server.key });
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    const share = AGENTS / AGENT_PROCESSES;
    const fleet = Array.from({ length: AGENT_PROCESSES }, (_, part) =>
      programs.start(program("sdk-agents"), [server.url, String(FIRST_AGENT + part * share), String(share)]),
    );
    await Promise.all(fleet.map((agents) => agents.answer("active")));
    const load = programs.start(program("sdk-load"), [server.url]);
    const measure = async (perSecond: number, seconds: number): Promise<Measured> => {
      const created = load.answer<{ answeredPerSecond: number }>("answeredPerSecond");
      load.send({ perSecond, seconds });
      const { answeredPerSecond } = await created;
      const begun = new Map<string, number>();
      for (const until = performance.now() + LAST_MS; begun.size < perSecond * seconds && performance.now() < until;) {
        for (const agents of fleet) {
          const taken = agents.answer<{ begun: [string, number][] }>("begun");
          agents.send("take");
          for (const [id, at] of (await taken).begun) begun.set(parseId("task", id) ?? id, at);
        }
        await sleep(50);
      }
      const delays = await delaysOf(database, begun);
      // What has not begun by now took longer than this.
      while (delays.length < perSecond * seconds) delays.push(LAST_MS);
      const measured = { answeredPerSecond, p50: percentile(delays, 0.5), p99: percentile(delays, 0.99) };
      say(
        `${perSecond} tasks a second asked for, ${answeredPerSecond.toFixed(0)} created: begun after ${measured.p50.toFixed(1)} ms (p50), ${measured.p99.toFixed(1)} ms (p99)`,
      );
      return measured;
    };
    await measure(PER_SECOND, WARM_UP_SECONDS);
    const asked = await measure(PER_SECOND, SECONDS);
    let sustained = 0;
    let [perSecond, step] = [PER_SECOND, asked];
    for (const higher of [...HIGHER, 0]) {
      if (step.p99 > KEEPS_UP_MS || step.answeredPerSecond < perSecond * KEEPS_UP_SHARE) break;
      sustained = perSecond;
      if (higher === 0) break;
      [perSecond, step] = [higher, await measure(higher, STEP_SECONDS)];
    }
    return [
      { name: "tasks.sdk_1000_agents.assign_p50_ms", value: asked.p50, unit: "ms" },
      { name: "tasks.sdk_1000_agents.assign_p99_ms", value: asked.p99, unit: "ms" },
      { name: "tasks.sdk_1000_agents.per_second", value: sustained, unit: "tasks/s" },
    ];
  } finally {
    await programs.stop();
    await database.end();
    await server.stop();
  }
}

interface Measured {
  readonly answeredPerSecond: number;
  readonly p50: number;
  readonly p99: number;
}

function program(name: string): string {
  return fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
}

async function delaysOf(database: pg.Client, begun: ReadonlyMap<string, number>): Promise<number[]> {
  const { rows } = await database.query<{ id: string; at: number }>(
    "select id, extract(epoch from created_at)::float8 * 1000 as at from tasks where id = any($1::uuid[])",
    [[...begun.keys()]],
  );
  return rows.map(({ id, at }) => (begun.get(id) ?? Number.POSITIVE_INFINITY) - at);
}
