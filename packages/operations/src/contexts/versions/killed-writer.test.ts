import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openDatabase } from "@muster/database/database.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { violationsIn } from "../../../test/consistency.ts";
import type { ContextWriter } from "../../../test/context-writer-process.ts";
import { addAgent, createFixture, type Fixture } from "../../../test/fixtures.ts";
import { newId } from "../../new-id.ts";
import type { Runtime } from "../../runtime.ts";
import { openContext } from "../open-context.ts";
import { readContext } from "../context-queries.ts";
import { verifyContext } from "../history/verify-context.ts";
import { getVersionData } from "./version-queries.ts";
import { writeContext } from "./write-context.ts";

const WRITER = fileURLToPath(new URL("../../../test/context-writer-process.ts", import.meta.url));
/** Of a write by an agent: it looks, appends, and records that the agent has loaded what it wrote. */
const STATEMENTS = 3;
const text = "so that what is written is stored as patches ".repeat(30);

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

type Agent = Awaited<ReturnType<typeof addAgent>>;

async function newContext(): Promise<string> {
  const { runtime, admin, projectId } = fixture;
  const { id } = await openContext(runtime, admin, { projectId, name: newId() });
  await writeContext(runtime, admin, { contextId: id, data: { text } });
  return id;
}

/** Starts a writer in a process of its own. `ended` gives what was acknowledged until it ended, and by which signal. */
function startWriter(
  contextId: string,
  { id }: Agent,
  writer: Pick<ContextWriter, "prefix" | "writes" | "dieAt" | "during">,
) {
  const { url, workspaceId, projectId } = fixture;
  const agent = { id, name: "writer", workspaceId, projectId };
  const input: ContextWriter = { url, contextId, agent, ...writer };
  const child = spawn(process.execPath, [WRITER, JSON.stringify(input)], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let printed = "";
  child.stdout.on("data", (data) => (printed += String(data)));
  const ended = once(child, "close").then(([, signal]) => ({
    signal: signal as string | null,
    // A last line that was cut off was not read by anyone.
    acknowledged: printed.split("\n").slice(0, -1),
  }));
  return { ended, begun: once(child.stdout, "data"), kill: () => child.kill("SIGKILL") };
}

async function newestOf(contextId: string): Promise<{ version: number; members: string[] }> {
  const { runtime, admin } = fixture;
  const { currentVersion } = await readContext(fixture.database, admin, contextId);
  const [read] = await getVersionData(runtime, admin, [{ contextId, number: currentVersion }]);
  const { text: _, ...members } = (read?.data ?? {}) as Record<string, unknown>;
  return { version: currentVersion, members: Object.keys(members) };
}

/** Each version that there is was written as a whole, with its event. */
async function expectWhole(contextId: string, versions: number): Promise<void> {
  const { runtime, admin, database } = fixture;
  const verified = await verifyContext(runtime, admin, contextId);
  expect(verified).toMatchObject({ ok: true, versions, readable: versions, eventsCompared: versions });
  expect(await violationsIn(database)).toEqual([]);
}

const readerOf = async (contextId: string, agent: Agent) =>
  (
    await fixture.database.query<{ version: number }>(
      sql`select version from context_readers where context_id = ${contextId} and agent_id = ${agent.id}`,
    )
  )[0]?.version;

const COMMITTED_BEFORE = [false, false, true, true];

describe("a writer's process that is killed with -9", () => {
  it.each([false, true].flatMap((during) => Array.from({ length: STATEMENTS }, (_, dieAt) => ({ during, dieAt }))))(
    "leaves a version or none: %j",
    async ({ during, dieAt }) => {
      const [contextId, agent] = [await newContext(), await addAgent(fixture, `writer-${newId()}`)];
      const writer = { prefix: "once", writes: 1, dieAt, during };
      expect(await startWriter(contextId, agent, writer).ended).toEqual({ signal: "SIGKILL", acknowledged: [] });
      // What it had sent may still be under way.
      await fixture.database.query(sql`select 1`);
      if (during) await sleep(300);
      const { version, members } = await newestOf(contextId);
      if (during && dieAt === 1) expect([1, 2]).toContain(version);
      else expect(version).toBe(COMMITTED_BEFORE[dieAt] ? 2 : 1);
      expect(members).toEqual(version === 2 ? ["once-0"] : []);
      await expectWhole(contextId, version);
      // A new process repeats it: then it is there once, and known to be loaded by its agent.
      const again = startWriter(contextId, agent, { ...writer, dieAt: null });
      expect(await again.ended).toEqual({ signal: null, acknowledged: ["once-0"] });
      expect(await newestOf(contextId)).toEqual({ version: 2, members: ["once-0"] });
      expect(await readerOf(contextId, agent)).toBe(2);
      await expectWhole(contextId, 2);
    },
  );

  it("costs no acknowledged write, while others write the same context", { timeout: 90_000 }, async () => {
    const contextId = await newContext();
    const agents = await Promise.all([1, 2, 3].map((at) => addAgent(fixture, `agent-${at}-${newId()}`)));
    const survivor = startWriter(contextId, agents[0] as Agent, {
      prefix: "survivor",
      writes: 40,
      dieAt: null,
      during: false,
    });
    const acknowledged = await Promise.all(
      agents.slice(1).map(async (agent, at) => {
        const members: string[] = [];
        for (let life = 0; life < 3; life++) {
          const writer = { prefix: `mortal-${at}-${life}`, writes: 1_000, dieAt: null, during: false };
          const { begun, ended, kill } = startWriter(contextId, agent, writer);
          await begun;
          await sleep(Math.random() * 300);
          kill();
          members.push(...(await ended).acknowledged);
        }
        return members;
      }),
    );
    acknowledged.push((await survivor.ended).acknowledged);
    expect(acknowledged.at(-1)).toHaveLength(40);
    await sleep(300);
    const { version, members } = await newestOf(contextId);
    expect(members).toEqual(expect.arrayContaining(acknowledged.flat()));
    // One version for each member, whether its writer lived to hear of it or not.
    expect(version).toBe(members.length + 1);
    // Of each life, at most its last write was not acknowledged.
    expect(members.length - acknowledged.flat().length).toBeLessThanOrEqual(6);
    await expectWhole(contextId, version);
  });
});

describe("a database connection that is terminated", () => {
  it("costs no write that is repeated, and doubles none, while others write", { timeout: 60_000 }, async () => {
    const { admin, runtime, url } = fixture;
    const contextId = await newContext();
    const mortal = openDatabase({ url, connections: 4, applicationName: "mortal" });
    const onMortal: Runtime = { ...runtime, database: mortal };
    let [failures, writing] = [0, true];
    const writer = async (on: Runtime, prefix: string, writes: number) => {
      for (let at = 0; at < writes; at++) {
        const member = `${prefix}-${at}`;
        const input = { contextId, mergePatch: { [member]: at }, idempotencyKey: member };
        for (let done = false; !done;) {
          done = await writeContext(on, admin, input).then(
            () => true,
            (error: Error & { code?: string }) => {
              // Refusals are no faults of the connection.
              if (error.constructor.name === "Conflict") throw error;
              failures += 1;
              return false;
            },
          );
        }
      }
    };
    const killing = (async () => {
      while (writing) {
        await sleep(15);
        await fixture.database.query(
          sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'mortal' order by random() limit 1`,
        );
      }
    })();
    await Promise.all([...[1, 2, 3].map((at) => writer(onMortal, `mortal-${at}`, 25)), writer(runtime, "steady", 25)]);
    writing = false;
    await killing;
    await mortal.close();
    expect(failures).toBeGreaterThan(5);
    const { version, members } = await newestOf(contextId);
    expect(members).toHaveLength(100);
    expect(version).toBe(101);
    await expectWhole(contextId, 101);
  });
});
