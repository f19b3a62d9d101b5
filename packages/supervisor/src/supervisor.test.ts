import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { formatId } from "@muster/domain/ids.ts";
import { parseApiKey } from "@muster/domain/api-key.ts";
import { failAgent } from "@muster/operations/agents/fail-agent.ts";
import { registerDefinition } from "@muster/operations/definitions/register-definition.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { caller, createFleet, type Fleet, isAlive, OBEDIENT, until } from "../test/fleet.ts";

let fleet: Fleet;
beforeEach(async () => {
  fleet = await createFleet();
});
afterEach(() => fleet.close());

/** An agent whose package has this program, started and, unless told otherwise, connected. */
async function startAgent(script: string, { connects = true } = {}): Promise<{ id: string; pid: number }> {
  await fleet.addPackage("worker", script);
  await fleet.createSupervisor().start();
  const id = await fleet.addAgent("worker");
  await fleet.ask(id, "START");
  const pid = connects ? await fleet.untilRunning(id) : 0;
  if (connects) await fleet.connect(id);
  return { id, pid };
}

describe("a start", () => {
  it("gives the program its identity, a working key, and nothing of the server's secrets", async () => {
    process.env["DATABASE_URL"] = "postgres://secret";
    const { id } = await startAgent(`console.log(JSON.stringify({ ...process.env, cwd: process.cwd() })); ${OBEDIENT}`);
    delete process.env["DATABASE_URL"];
    await fleet.untilOutput(id, "hello from worker");
    const line = (await fleet.output(id)).split("\n").find((text) => text.startsWith("{"));
    const environment = JSON.parse(line ?? "null") as Record<string, string>;
    expect(environment).toMatchObject({
      MUSTER_URL: "http://127.0.0.1:4000",
      MUSTER_AGENT_ID: formatId("agent", id),
      MUSTER_AGENT_NAME: "worker",
      MUSTER_AGENT_TYPE: "worker",
      MUSTER_AGENT_VERSION: "1",
      MUSTER_PROJECT_ID: formatId("project", fleet.projectId),
      PATH: process.env["PATH"],
    });
    expect(environment["cwd"]).toMatch(/packages\/worker$/);
    expect(parseApiKey(environment["MUSTER_AGENT_KEY"] ?? "")?.kind).toBe("agent");
    const allowed =
      /^(PATH|HOME|LANG|TMPDIR|TZ|NODE_.+|MUSTER_(URL|PROJECT_ID|AGENT_(ID|KEY|NAME|TYPE|VERSION))|cwd|__CF.*)$/;
    expect(Object.keys(environment).filter((name) => !allowed.test(name))).toEqual([]);
    expect(await readFile(fleet.file(id, "process.json"), "utf8")).not.toContain("mst_");
  });

  it("waits for an operator: an agent that is registered, or runs by other means, gets no process", async () => {
    await fleet.addPackage("worker", OBEDIENT);
    await fleet.createSupervisor().start();
    const [registered, foreign] = [
      await fleet.addAgent("worker", "registered"),
      await fleet.addAgent("worker", "foreign"),
    ];
    await fleet.connect(foreign);
    const started = await fleet.addAgent("worker", "started");
    await fleet.ask(started, "START");
    await fleet.untilRunning(started);
    expect(await fleet.record(registered)).toBeNull();
    expect(await fleet.record(foreign)).toBeNull();
    expect((await fleet.agent(foreign)).state).toBe("ONLINE");
  });

  it("is not for agents whose workspace has its own definition of the same name", async () => {
    await fleet.addPackage("worker", OBEDIENT);
    await fleet.createSupervisor().start();
    const own = { workspaceId: fleet.workspaceId, slug: "worker", name: "Ours", type: "process", capabilities: [] };
    await registerDefinition(fleet.runtime, caller, own);
    const id = await fleet.addAgent("worker");
    await fleet.ask(id, "START");
    await sleep(500);
    expect(await fleet.record(id)).toBeNull();
    expect((await fleet.agent(id)).state).toBe("DEPLOYING");
  });

  it("is refused where the package is disabled, and says how to enable it", async () => {
    await fleet.addPackage("worker", OBEDIENT);
    const first = fleet.createSupervisor();
    await first.start();
    const id = await fleet.addAgent("worker");
    await first.stop();
    await fleet.addPackage("worker", OBEDIENT, { enabled: false });
    await fleet.createSupervisor().start();
    await fleet.ask(id, "START");
    expect((await fleet.untilState(id, "ERROR")).lastError).toMatch(
      /package is disabled.*Enable it in .*muster\.json/s,
    );
    expect(await fleet.output(id)).toBe("");
  });

  it("leaves out a broken package, with its path and the reason, and runs the others", async () => {
    await fleet.addPackage("unreadable", OBEDIENT, { entry: "missing.mjs" });
    await fleet.addPackage("misspelt", OBEDIENT, { capabilites: [] });
    await fleet.addPackage("refused", OBEDIENT, { configSchema: { type: "nonsense" } });
    const { id } = await startAgent(OBEDIENT);
    expect((await fleet.agent(id)).state).toBe("ONLINE");
    const broken = fleet.log
      .filter(({ level }) => level === "error")
      .map(({ fields }) => `${fields["path"]}: ${fields["reason"]}`);
    expect(broken.sort()).toEqual([
      expect.stringMatching(/misspelt.*capabilites/s),
      expect.stringMatching(/refused: configSchema/),
      expect.stringMatching(/unreadable.*missing\.mjs does not exist/),
    ]);
  });
});

describe("a process that ends by itself", () => {
  it("with a code other than 0: ERROR with the code and the last lines, then it is restarted", async () => {
    const { id, pid } = await startAgent(`
      setTimeout(() => { console.log("\\u001b[31mno\\u0000 disk\\u001b[0m " + process.env.MUSTER_AGENT_KEY); process.exit(7); }, 400);`);
    await until(async () => (await fleet.agent(id)).errorCount === 1, "it has failed");
    const { lastError } = await fleet.agent(id);
    expect(lastError).toMatch(/^Its process exited with code 7\.\nLast output:\nno disk mst_…$/);
    await fleet.untilRunning(id, pid);
    expect((await fleet.agent(id)).state).toBe("DEPLOYING");
  });

  it("by a signal: ERROR names it", async () => {
    const { id, pid } = await startAgent(OBEDIENT);
    process.kill(pid, "SIGKILL");
    await until(async () => (await fleet.agent(id)).lastError !== null, "it has failed");
    expect((await fleet.agent(id)).lastError).toContain("was ended by SIGKILL");
  });

  it("with code 0: OFFLINE, and it stays so", async () => {
    const { id } = await startAgent(`setTimeout(() => {}, 300);`);
    const offline = await fleet.untilState(id, "OFFLINE");
    await until(async () => (await fleet.record(id)) === null, "its record is gone");
    expect((await fleet.agent(id)).version).toBe(offline.version);
    expect(offline.errorCount).toBe(0);
  });

  it("again and again: it stays in ERROR, says so, and an operator's START begins anew", async () => {
    const { id } = await startAgent(`console.error("out of luck"); process.exit(3);`, { connects: false });
    await until(async () => (await fleet.agent(id)).errorCount === 3, "it has failed 3 times");
    const { lastError, version } = await fleet.untilState(id, "ERROR");
    expect(lastError).toMatch(
      /exited with code 3\.\nIt is no longer restarted, because it failed 3 times within 5 min: .*START/,
    );
    expect(lastError).toContain("out of luck");
    await sleep(600);
    expect((await fleet.agent(id)).version).toBe(version);

    await fleet.ask(id, "START");
    await until(async () => (await fleet.agent(id)).errorCount === 6, "it has failed 3 times more");
    expect((await fleet.untilState(id, "ERROR")).lastError).toContain("no longer restarted");
  });

  it("while the agent is suspended: it is not restarted behind the operator's back", async () => {
    const { id, pid } = await startAgent(OBEDIENT);
    await fleet.ask(id, "SUSPEND");
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, "SIGKILL");
    const failed = await fleet.untilState(id, "ERROR");
    expect(failed.lastError).toContain("It is not restarted, because the agent was SUSPENDED");
    await sleep(500);
    expect((await fleet.agent(id)).version).toBe(failed.version);
  });

  it("takes what it started with it", async () => {
    const { id } = await startAgent(
      `import { spawn } from "node:child_process";
       const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
       console.log("child " + child.pid);
       setTimeout(() => process.kill(process.pid, "SIGKILL"), 300);`,
    );
    await fleet.untilOutput(id, "child ");
    const child = Number(/child (\d+)/.exec(await fleet.output(id))?.[1]);
    await until(() => !isAlive(child), "its child is gone");
  });
});

describe("an operator", () => {
  const STUBBORN = `
    import { spawn } from "node:child_process";
    const deaf = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);";
    process.on("SIGTERM", () => console.log("no"));
    const child = spawn(process.execPath, ["-e", deaf]);
    setTimeout(() => console.log("child " + child.pid), 300);
    setInterval(() => {}, 1000);`;

  it("stops an agent for good, also one that ignores SIGTERM and has children that do", async () => {
    const { id, pid } = await startAgent(STUBBORN);
    await fleet.untilOutput(id, "child ");
    const child = Number(/child (\d+)/.exec(await fleet.output(id))?.[1]);
    expect(isAlive(child)).toBe(true);
    await fleet.ask(id, "STOP");
    await until(() => !isAlive(pid) && !isAlive(child), "both are gone");
    expect(await fleet.output(id)).toContain("no");
    await until(async () => (await fleet.record(id)) === null, "its record is gone");
    expect((await fleet.agent(id)).state).toBe("OFFLINE");
  });

  it("restarts an agent: the old process goes before the new one comes", async () => {
    const { id, pid } = await startAgent(OBEDIENT);
    await fleet.ask(id, "RESTART");
    const second = await fleet.untilRunning(id, pid);
    expect(isAlive(pid)).toBe(false);
    await fleet.connect(id);
    expect(await fleet.agent(id)).toMatchObject({ state: "ONLINE", errorCount: 0 });
    expect(isAlive(second)).toBe(true);
  });

  it("decommissions an agent: nothing is left to run", async () => {
    const { id, pid } = await startAgent(OBEDIENT);
    await fleet.ask(id, "MAINTAIN");
    await fleet.ask(id, "DECOMMISSION");
    await until(() => !isAlive(pid), "it is gone");
    await until(async () => (await fleet.record(id)) === null, "its record is gone");
  });

  it("or the agent itself says that it has failed: its process is replaced", async () => {
    const { id, pid } = await startAgent(OBEDIENT);
    await failAgent(fleet.runtime, caller, { agentId: id, error: "lost its mind" });
    await fleet.untilRunning(id, pid);
    expect(await fleet.agent(id)).toMatchObject({ state: "DEPLOYING", lastError: "lost its mind" });
  });
});

it("bounds what an agent writes, while it goes on writing", async () => {
  const mostBytes = 50_000;
  await fleet.addPackage("worker", `setInterval(() => console.log("x".repeat(5_000)), 5);`);
  await fleet.createSupervisor({ outputBytes: mostBytes, outputCheckMs: 50 }).start();
  const id = await fleet.addAgent("worker");
  await fleet.ask(id, "START");
  await fleet.untilRunning(id);
  const sizes: number[] = [];
  while (sizes.length < 40) {
    await sleep(40);
    sizes.push((await fleet.output(id)).length);
  }
  const older = await readFile(`${fleet.file(id, "output.log")}.1`, "utf8");
  expect(older.length).toBeLessThanOrEqual(mostBytes);
  expect(Math.max(...sizes)).toBeLessThan(10 * mostBytes);
  expect(Math.max(...sizes)).toBeGreaterThan(5_000);
});

it("looks at once when it is told of a change", async () => {
  let wake = () => {};
  await fleet.addPackage("worker", OBEDIENT);
  const supervisor = fleet.createSupervisor(
    { pollMs: 60_000 },
    {
      changes: (hint) => {
        wake = hint;
        return () => {};
      },
    },
  );
  await supervisor.start();
  const id = await fleet.addAgent("worker");
  await fleet.ask(id, "START");
  await sleep(300);
  expect(await fleet.record(id)).toBeNull();
  wake();
  await fleet.untilRunning(id);
});

it("fails an agent whose process does not connect in time, with its output", async () => {
  const slow = await createFleet(500);
  try {
    await slow.addPackage("worker", `console.log("thinking"); ${OBEDIENT}`);
    await slow.createSupervisor().start();
    const id = await slow.addAgent("worker");
    await slow.ask(id, "START");
    await until(async () => (await slow.agent(id)).lastError !== null, "it has failed");
    expect((await slow.agent(id)).lastError).toMatch(/did not connect within 0 s[^]*thinking/);
  } finally {
    await slow.close();
  }
});
