import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet, isAlive, OBEDIENT, until } from "../test/fleet.ts";
import { processStart } from "@muster/processes/process-identity.ts";
import { writeRecord } from "./process-record.ts";

let fleet: Fleet;
let hosts: ChildProcess[] = [];
beforeEach(async () => {
  fleet = await createFleet();
  await fleet.addPackage("worker", OBEDIENT);
});
afterEach(async () => {
  for (const host of hosts) host.kill("SIGKILL");
  hosts = [];
  await fleet.close();
});

/** Another process that runs a supervisor over the same fleet. */
async function startHost(): Promise<ChildProcess> {
  const entry = fileURLToPath(new URL("../test/host.ts", import.meta.url));
  const host = spawn(process.execPath, [entry, fleet.databaseUrl, fleet.packagesFolder, fleet.dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  hosts.push(host);
  await once(host.stdout ?? host, "data");
  return host;
}

async function kill(host: ChildProcess): Promise<void> {
  const exited = once(host, "exit");
  host.kill("SIGKILL");
  await exited;
}

/** An agent at work whose supervisor has been killed. */
async function orphan(): Promise<{ id: string; pid: number }> {
  const host = await startHost();
  const id = await fleet.addAgent("worker");
  await fleet.ask(id, "START");
  const pid = await fleet.untilRunning(id);
  await fleet.untilOutput(id, "hello");
  await fleet.connect(id);
  await kill(host);
  expect(isAlive(pid)).toBe(true);
  return { id, pid };
}

describe("after the server was killed", () => {
  it("a process that still runs goes on, is watched, and is ended when its agent is stopped", async () => {
    const { id, pid } = await orphan();
    const { version } = await fleet.agent(id);
    await fleet.createSupervisor().start();
    await until(() => fleet.log.some(({ message }) => message.startsWith("Took over")), "it is adopted");
    expect(await fleet.agent(id)).toMatchObject({ state: "ONLINE", version });
    expect((await fleet.record(id))?.process?.pid).toBe(pid);
    await fleet.ask(id, "STOP");
    await until(() => !isAlive(pid), "it is gone");
    expect(await fleet.output(id)).toContain("bye");
  });

  it("an adopted process that ends is a failure of unknown exit code, with its last lines", async () => {
    const { id, pid } = await orphan();
    await fleet.createSupervisor().start();
    await until(() => fleet.log.some(({ message }) => message.startsWith("Took over")), "it is adopted");
    process.kill(pid, "SIGKILL");
    await until(async () => (await fleet.agent(id)).lastError !== null, "it has failed");
    expect((await fleet.agent(id)).lastError).toMatch(/exit code is unknown[^]*hello from worker/);
    await fleet.untilRunning(id, pid);
  });

  it("a process that ended meanwhile is found out, and replaced", async () => {
    const { id, pid } = await orphan();
    process.kill(pid, "SIGKILL");
    await until(() => !isAlive(pid), "it is gone");
    await fleet.createSupervisor().start();
    await until(async () => (await fleet.agent(id)).errorCount === 1, "it has failed");
    await fleet.untilRunning(id, pid);
  });

  it("a process whose agent was stopped meanwhile is ended", async () => {
    const { id, pid } = await orphan();
    await fleet.ask(id, "STOP");
    await fleet.createSupervisor().start();
    await until(() => !isAlive(pid), "it is gone");
    await until(async () => (await fleet.record(id)) === null, "its record is gone");
    expect((await fleet.agent(id)).state).toBe("OFFLINE");
  });

  it("a process of an older program is reaped and replaced by the new one", async () => {
    const { id, pid } = await orphan();
    await fleet.addPackage("worker", `console.log("a newer program"); ${OBEDIENT}`);
    await fleet.createSupervisor().start();
    await fleet.untilOutput(id, "a newer program");
    expect(isAlive(pid)).toBe(false);
    expect(await fleet.agent(id)).toMatchObject({ state: "DEPLOYING", errorCount: 0 });
  });

  it("a process that looks for the server at another address is replaced", async () => {
    const { id, pid } = await orphan();
    await fleet.createSupervisor({}, { url: "http://127.0.0.1:4001" }).start();
    await fleet.untilRunning(id, pid);
    expect(isAlive(pid)).toBe(false);
    expect(await fleet.agent(id)).toMatchObject({ state: "DEPLOYING", errorCount: 0 });
  });

  it("a process that merely got the same pid is left alone", async () => {
    const { id, pid } = await orphan();
    process.kill(pid, "SIGKILL");
    await until(() => !isAlive(pid), "it is gone");
    const bystander = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
      detached: true,
      stdio: "ignore",
    });
    hosts.push(bystander);
    const record = await fleet.record(id);
    if (!record?.process || !bystander.pid) throw new Error("There is no record of its process.");
    const start = `${processStart(bystander.pid)}0`;
    await writeRecord(fleet.file(id, "process.json"), {
      ...record,
      process: { ...record.process, pid: bystander.pid, start },
    });
    const supervisor = fleet.createSupervisor();
    await supervisor.start();
    await fleet.untilRunning(id, bystander.pid);
    await supervisor.stop();
    expect(isAlive(bystander.pid)).toBe(true);
  });
});

describe("an orderly stop", () => {
  it("leaves no process, and agents OFFLINE that the next start brings back, but not those that an operator stopped", async () => {
    await fleet.addPackage(
      "deaf",
      `process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("deaf");`,
    );
    const first = fleet.createSupervisor();
    await first.start();
    const [obedient, deaf, stopped, suspended] = await Promise.all(
      ["worker", "deaf", "worker", "worker"].map((slug, index) => fleet.addAgent(slug, `${slug}${index}`)),
    );
    if (!obedient || !deaf || !stopped || !suspended) throw new Error("There are too few agents.");
    const pids = new Map<string, number>();
    for (const id of [obedient, deaf, stopped, suspended]) {
      await fleet.ask(id, "START");
      pids.set(id, await fleet.untilRunning(id));
      await fleet.connect(id);
    }
    await fleet.untilOutput(deaf, "deaf\n");
    await fleet.ask(stopped, "STOP");
    await fleet.ask(suspended, "SUSPEND");
    await until(() => !isAlive(pids.get(stopped) ?? 0), "the stopped one is gone");

    await first.stop();
    expect([...pids.values()].filter(isAlive)).toEqual([]);
    expect(
      await Promise.all([obedient, deaf, stopped, suspended].map(async (id) => (await fleet.agent(id)).state)),
    ).toEqual(["OFFLINE", "OFFLINE", "OFFLINE", "SUSPENDED"]);
    expect((await fleet.agent(deaf)).errorCount).toBe(0);

    const second = fleet.createSupervisor();
    await second.start();
    for (const id of [obedient, deaf, suspended]) await fleet.untilRunning(id, pids.get(id));
    expect(
      await Promise.all([obedient, deaf, stopped, suspended].map(async (id) => (await fleet.agent(id)).state)),
    ).toEqual(["DEPLOYING", "DEPLOYING", "OFFLINE", "SUSPENDED"]);
    await second.stop();
  });

  it("that was cut short is made up for by the next start", async () => {
    const { id, pid } = await orphan();
    const record = await fleet.record(id);
    if (!record) throw new Error("There is no record.");
    await writeRecord(fleet.file(id, "process.json"), { ...record, resume: true });
    await fleet.createSupervisor().start();
    await fleet.untilRunning(id, pid);
    expect(isAlive(pid)).toBe(false);
    expect(await fleet.agent(id)).toMatchObject({ state: "DEPLOYING", errorCount: 0 });
  });
});

it("acts in one server at a time; another takes over when that is killed", async () => {
  const host = await startHost();
  const idle = fleet.createSupervisor();
  await idle.start();
  const id = await fleet.addAgent("worker");
  await fleet.ask(id, "START");
  const pid = await fleet.untilRunning(id);
  await fleet.connect(id);
  expect(fleet.log.map(({ message }) => message)).toEqual([expect.stringContaining("Another server")]);
  await kill(host);
  await until(() => fleet.log.some(({ message }) => message.startsWith("Took over")), "it has taken over");
  expect(isAlive(pid)).toBe(true);
  await idle.stop();
  expect(isAlive(pid)).toBe(false);
});
