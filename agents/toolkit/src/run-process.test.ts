import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ProcessTimedOut, ProgramMissing } from "./errors.ts";
import { runProcess, type ProcessOptions } from "./run-process.ts";
import { isRunning } from "./testing/is-running.ts";

const node = process.execPath;

/** Starts a child of its own that ignores SIGTERM, tells both pids in a file, and never ends. */
const stubbornFamily = `
  const { spawn } = require("node:child_process");
  const { writeFileSync } = require("node:fs");
  const child = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); console.log(1); setInterval(() => {}, 1000)"]);
  child.stdout.once("data", () => writeFileSync("pids.json", JSON.stringify([process.pid, child.pid])));
  setInterval(() => {}, 1000);
`;

describe("runProcess", () => {
  let folder: string;
  let options: ProcessOptions;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "muster-process-"));
    options = { folder, signal: new AbortController().signal, timeoutMs: 20_000 };
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  it("tells exit code and outputs", async () => {
    const script = "console.log(process.cwd()); console.error('to stderr'); process.exit(3)";
    const result = await runProcess(node, ["-e", script], options);
    expect(result).toEqual({ exitCode: 3, stdout: `${folder}\n`, stderr: "to stderr\n", truncated: false });
  });

  it("hands over input, and leaves it empty without one", async () => {
    expect((await runProcess("cat", [], { ...options, input: "öne\n" })).stdout).toBe("öne\n");
    expect((await runProcess("cat", [], options)).stdout).toBe("");
  });

  it("keeps the end of a long output", async () => {
    const script = "process.stdout.write('a'.repeat(300_000) + 'the end')";
    const result = await runProcess(node, ["-e", script], { ...options, outputLimit: 1_000 });
    expect(result.stdout).toHaveLength(1_000);
    expect(result.stdout.endsWith("athe end")).toBe(true);
    expect(result.truncated).toBe(true);
  });

  it("keeps the agent's credential from the child", async () => {
    vi.stubEnv("MUSTER_AGENT_KEY", "secret");
    const { stdout } = await runProcess(node, ["-p", "JSON.stringify(process.env)"], options);
    expect(stdout).toContain("PATH");
    expect(stdout).not.toContain("secret");
  });

  it("names a program that is missing", async () => {
    await expect(runProcess("no-such-program", [], options)).rejects.toThrow(ProgramMissing);
  });

  it.each([{ endWithAgent: false }, { endWithAgent: true }])("ends the whole group in time: %o", async (choice) => {
    const run = runProcess(node, ["-e", stubbornFamily], { ...options, ...choice, timeoutMs: 4_000 });
    const ended = expect(run).rejects.toThrow(ProcessTimedOut);
    const pids = await readPids(folder);
    await ended;
    await expectGone(pids);
  });

  it.each([{ endWithAgent: false }, { endWithAgent: true }])(
    "ends the whole group when aborted: %o",
    async (choice) => {
      const controller = new AbortController();
      const script = `process.on("SIGTERM", () => {}); ${stubbornFamily}`;
      const run = runProcess(node, ["-e", script], { ...options, ...choice, signal: controller.signal });
      const ended = expect(run).rejects.toThrow("cancelled");
      const pids = await readPids(folder);
      controller.abort(new Error("cancelled"));
      await ended;
      await expectGone(pids);
    },
  );

  it("kills what a program leaves behind", async () => {
    const script = `${stubbornFamily}; child.stdout.once("data", () => process.exit(0))`;
    expect((await runProcess(node, ["-e", script], options)).exitCode).toBe(0);
    await expectGone(await readPids(folder));
  });

  it("does not start when it is aborted already", async () => {
    const signal = AbortSignal.abort(new Error("too late"));
    await expect(runProcess(node, ["-e", stubbornFamily], { ...options, signal })).rejects.toThrow("too late");
  });

  it("ends foreign code when the agent is killed", async () => {
    const module = fileURLToPath(new URL("run-process.ts", import.meta.url));
    const agent = join(folder, "agent.mjs");
    await writeFile(
      agent,
      `import { runProcess } from ${JSON.stringify(module)};
      const options = { folder: ${JSON.stringify(folder)}, signal: new AbortController().signal, timeoutMs: 60_000, endWithAgent: true };
      await runProcess(process.execPath, ["-e", ${JSON.stringify(stubbornFamily)}], options);`,
    );
    const child = spawn(node, [agent], { stdio: "ignore" });
    const pids = await readPids(folder);
    child.kill("SIGKILL");
    await expectGone(pids);
  });
});

async function readPids(folder: string): Promise<number[]> {
  return vi.waitFor(async () => JSON.parse(await readFile(join(folder, "pids.json"), "utf8")) as number[], 20_000);
}

async function expectGone(pids: readonly number[]): Promise<void> {
  expect(pids).toHaveLength(2);
  await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), 15_000);
}
