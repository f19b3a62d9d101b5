import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDemoRepository, type DemoRepository } from "@muster/agent-repository/create-repository.ts";
import {
  InvalidTaskInput,
  ProcessTimedOut,
  RepositoryUnreadable,
  UnknownRevision,
} from "@muster/agent-toolkit/errors.ts";
import { mergeKnowledge } from "@muster/agent-toolkit/knowledge/merge-knowledge.ts";
import { readKnowledge } from "@muster/agent-toolkit/knowledge/repository-knowledge.ts";
import { commitFiles } from "@muster/agent-toolkit/testing/commit-files.ts";
import { isRunning } from "@muster/agent-toolkit/testing/is-running.ts";
import type { Work } from "@muster/agent-toolkit/work.ts";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { testCommit } from "./test-commit.ts";

const nothing = readKnowledge(null);

describe("testCommit", () => {
  let root: string;
  let demo: DemoRepository;
  const work = (changes: Partial<Work> = {}): Work => ({
    repository: demo.path,
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    progress: () => {},
    ...changes,
  });
  const test = (input: unknown, changes?: Partial<Work>) => testCommit(input, work(changes), () => nothing);
  const repositoryOf = async (name: string, files: Record<string, string>) => {
    await commitFiles(join(root, name), files);
    return join(root, name);
  };

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "muster-tester-"));
    vi.stubEnv("TMPDIR", join(root, "temporary"));
    await mkdir(join(root, "temporary"));
    demo = await createDemoRepository(join(root, "demo"));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(root, { recursive: true, force: true });
  });

  it("passes every commit but the two between the break and the mend", { timeout: 120_000 }, async () => {
    const results: boolean[] = [];
    for (const { sha } of demo.commits) results.push((await test({ commit: sha })).output.ok);
    expect(results.flatMap((ok, index) => (ok ? [] : [index + 1]))).toEqual([9, 10]);
    expect(await readdir(join(root, "temporary"))).toEqual([]);
  });

  it("says what failed, and that it passed at the last good commit", async () => {
    const good = demo.commits[7]?.sha ?? "";
    const bad = demo.commits[8]?.sha ?? "";
    const { learned } = await test({ commit: good });
    const knowledge = mergeKnowledge(nothing, learned, new Date().toISOString());
    const { output } = await testCommit({ commit: bad }, work(), () => knowledge);
    const name = "test/duration.test.ts › formatDuration › shows zero and negative durations";
    expect(output).toMatchObject({ ok: false, runner: "node", passed: 32, failed: 1, skipped: 0, commit: bad });
    expect(output.failures).toMatchObject([{ name, file: "test/duration.test.ts" }]);
    expect(output.failures[0]?.message).toContain("+ '--1d23h'\n- '-1m30s'");
    expect(output.failures[0]?.message).toContain("(test/duration.test.ts:51:12)");
    expect(output).toMatchObject({ regression: true, lastGoodCommit: good, regressedTests: [name] });
    expect((await test({ commit: bad })).output).toMatchObject({ regression: false, lastGoodCommit: null });
  });

  it("counts every kind of result of Node's runner", async () => {
    const repository = await repositoryOf("kinds", {
      "test/a.test.mjs": `
        import { before, describe, it } from "node:test";
        it("passes", () => { console.log('{"outcome":"failed"}'); });
        it.skip("is skipped", () => {});
        it.todo("is to be written");
        it("is to be mended", { todo: true }, () => { throw new Error("known"); });
        describe("outer", () => { describe("inner", () => { it("fails", () => { throw new Error("because"); }); }); });
        describe("broken", () => { before(() => { throw new Error("hook"); }); it("never runs", () => {}); });`,
      "test/b.test.mjs": "throw new Error('while loading');",
    });
    const { output, learned } = await test({ repository });
    expect(output).toMatchObject({ ok: false, passed: 1, failed: 4, skipped: 3, exitCode: 1 });
    const failures = Object.fromEntries(output.failures.map(({ name, message }) => [name, message]));
    expect(Object.keys(failures)).toHaveLength(4);
    expect(failures["test/a.test.mjs › outer.inner › fails"]).toContain("because");
    expect(failures["test/a.test.mjs › broken"]).toContain("hook");
    expect(failures["test/b.test.mjs"]).toContain("while loading");
    expect(learned.commits[0]?.test?.passedTests).toEqual(["test/a.test.mjs › passes"]);
  });

  it("does not pass a commit without tests, nor one whose runner fails", async () => {
    const none = await repositoryOf("none", { "README.md": "" });
    expect((await test({ repository: none })).output).toMatchObject({ ok: false, passed: 0, failed: 1 });
    const script = JSON.stringify({ scripts: { test: "node --test --no-such-flag" } });
    const wrong = await repositoryOf("wrong", { "package.json": script, "a.test.js": "" });
    const { output } = await test({ repository: wrong });
    expect(output).toMatchObject({ ok: false, exitCode: 9, failures: [{ name: "node --test" }] });
    expect(output.failures[0]?.message).toContain("--no-such-flag");
  });

  it("runs other runners through npm", async () => {
    const manifest = JSON.stringify({ scripts: { test: "node check.js" } });
    const script =
      "console.log('checked under ' + process.version); process.exit(Number(process.env.npm_config_fail ?? 4));";
    const repository = await repositoryOf("npm", { "package.json": manifest, "check.js": script });
    const { output } = await test({ repository });
    expect(output).toMatchObject({ ok: false, runner: "npm", passed: 0, failed: 1, exitCode: 4 });
    expect(output.lastLines).toContain(`checked under ${process.version}`);
    vi.stubEnv("npm_config_fail", "0");
    expect((await test({ repository })).output).toMatchObject({ ok: true, passed: 1, failed: 0, exitCode: 0 });
  });

  it("does not show the agent's key to the code under test", async () => {
    const code =
      'process.getBuiltinModule("node:test")("is alone", () => { if (process.env.MUSTER_AGENT_KEY) throw new Error("key"); });';
    const repository = await repositoryOf("key", { "a.test.js": code });
    vi.stubEnv("MUSTER_AGENT_KEY", "secret");
    expect((await test({ repository })).output.ok).toBe(true);
  });

  it("refuses what it cannot work on, for good", async () => {
    const wrong: [unknown, new (...parameters: never[]) => Error][] = [
      [{ repository: root }, RepositoryUnreadable],
      [{ repository: join(demo.path, "src") }, RepositoryUnreadable],
      [{ commits: 3 }, InvalidTaskInput],
      [{ commit: "--upload-pack=x" }, UnknownRevision],
    ];
    for (const [input, type] of wrong) {
      const error = await test(input).catch((thrown: unknown) => thrown);
      expect(error, JSON.stringify(input)).toBeInstanceOf(type);
      expect(error).toMatchObject({ retryable: false });
    }
  });

  it.each(["node --test", "node a.test.js"])(
    "ends all processes of %s when aborted or out of time",
    { timeout: 90_000 },
    async (script) => {
      const pidFile = join(root, "pid");
      const code = `
      const { spawn } = require("node:child_process");
      const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
      const child = spawn(process.execPath, ["-e", stubborn], { stdio: "ignore" });
      require("node:fs").writeFileSync(${JSON.stringify(pidFile)}, JSON.stringify([process.pid, child.pid]));
      setInterval(() => {}, 1000);`;
      const manifest = JSON.stringify({ scripts: { test: script } });
      const repository = await repositoryOf(`hangs-${script.length}`, { "package.json": manifest, "a.test.js": code });
      for (const outOfTime of [false, true]) {
        await rm(pidFile, { force: true });
        const controller = new AbortController();
        const run = test({ repository }, { signal: controller.signal, timeoutMs: outOfTime ? 8_000 : 60_000 });
        const ended = outOfTime
          ? expect(run).rejects.toThrow(ProcessTimedOut)
          : expect(run).rejects.toThrow("cancelled");
        await vi.waitFor(() => expect(existsSync(pidFile)).toBe(true), 20_000);
        if (!outOfTime) controller.abort(new Error("cancelled"));
        await ended;
        const pids = JSON.parse(await readFile(pidFile, "utf8")) as number[];
        await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), 15_000);
      }
      const left = await readdir(join(root, "temporary"));
      expect(left.filter((name) => name.startsWith("muster-"))).toEqual([]); // npm leaves a cache of its own
    },
  );
});
