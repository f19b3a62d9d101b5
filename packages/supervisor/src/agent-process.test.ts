import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { isAlive, until } from "../test/fleet.ts";
import {
  adoptAgentProcess,
  type AgentProcess,
  describeExit,
  endAgentProcess,
  startAgentProcess,
} from "./agent-process.ts";

let folder: string;
const started: AgentProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "muster-process-"));
});
afterEach(async () => {
  for (const process of started.splice(0)) process.signal("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

async function start(script: string): Promise<AgentProcess> {
  const entry = join(folder, "main.mjs");
  await writeFile(entry, script);
  await using output = await open(join(folder, "output.log"), "a");
  const process = await startAgentProcess({ entry, folder, environment: {}, output: output.fd });
  started.push(process);
  return process;
}

const FOREVER = "setInterval(() => {}, 1000);";

it("tells how a process ended", async () => {
  expect(describeExit(await (await start("process.exit(4)")).exited)).toBe("exited with code 4");
  const process = await start(FOREVER);
  process.signal("SIGKILL");
  expect(describeExit(await process.exited)).toBe("was ended by SIGKILL");
  expect(process.exit).toEqual({ code: null, signal: "SIGKILL" });
});

it("throws when there is no such folder to run in", async () => {
  const entry = join(folder, "main.mjs");
  await using output = await open(join(folder, "output.log"), "a");
  await expect(
    startAgentProcess({ entry, folder: join(folder, "missing"), environment: {}, output: output.fd }),
  ).rejects.toThrow(/ENOENT/);
});

it("waits patiently for a process to go by itself, unless there is a hurry", async () => {
  const leaving = await start("setTimeout(() => {}, 300)");
  expect(await endAgentProcess(leaving, { patienceMs: 5_000, graceMs: 5_000 })).toEqual({ code: 0, signal: null });
  const staying = await start(FOREVER);
  const begun = performance.now();
  await endAgentProcess(staying, { patienceMs: 20_000, graceMs: 5_000, hurry: AbortSignal.timeout(200) });
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect(isAlive(staying.pid)).toBe(false);
});

it("neither signals nor waits for another process with the pid of one that it is to adopt", async () => {
  const stranger = await start(FOREVER);
  const { pid, start: begun } = stranger;
  const wrong = adoptAgentProcess({ pid, start: `${begun}0`, startedAt: 0 }, 20);
  wrong.signal("SIGKILL");
  await endAgentProcess(wrong, { patienceMs: 0, graceMs: 100 });
  expect(isAlive(pid)).toBe(true);
  expect(wrong.exit).toEqual({ code: null, signal: null });

  const right = adoptAgentProcess({ pid, start: begun, startedAt: 0 }, 20);
  expect(right.exit).toBeNull();
  await endAgentProcess(right, { patienceMs: 0, graceMs: 5_000 });
  await until(() => !isAlive(pid), "it is gone");
});
