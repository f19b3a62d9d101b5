import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDemoRepository, type DemoRepository } from "@muster/agent-repository/create-repository.ts";
import { InvalidTaskInput, RepositoryUnreadable, ToolFailed, UnknownRevision } from "@muster/agent-toolkit/errors.ts";
import { git } from "@muster/agent-toolkit/git.ts";
import { commitFiles } from "@muster/agent-toolkit/testing/commit-files.ts";
import type { Work } from "@muster/agent-toolkit/work.ts";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { reviewCommits } from "./review-commits.ts";

const signal = new AbortController().signal;

describe("reviewCommits", () => {
  let root: string;
  let demo: DemoRepository;
  const work = (changes: Partial<Work> = {}): Work => ({
    repository: demo.path,
    timeoutMs: 60_000,
    signal,
    progress: () => {},
    ...changes,
  });
  const commitFile = (folder: string, name: string, contents: string, message?: string) =>
    commitFiles(folder, { [name]: contents }, message);

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "muster-reviewer-"));
    vi.stubEnv("TMPDIR", join(root, "temporary"));
    await mkdir(join(root, "temporary"));
    demo = await createDemoRepository(join(root, "demo"));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(root, { recursive: true, force: true });
  });

  it("finds in each commit what it brought in", async () => {
    const { output, learned } = await reviewCommits({ count: 50 }, work());
    const subjectOf = new Map(demo.commits.map(({ sha, subject }) => [sha, subject]));
    const found = output.findings.map(({ commit, rule, file, line }) => [subjectOf.get(commit), rule, file, line]);
    expect(found).toEqual([
      ["Keep parts of a token between refills", "eslint(no-unused-vars)", "src/rate-limiter.ts", 45],
      ["Stop retrying when the signal is aborted", "eslint(eqeqeq)", "test/retry.test.ts", 48],
      ["Add a semaphore", "eslint(no-unused-vars)", "src/semaphore.ts", 17],
      ["Round formatted durations instead of cutting them off", "commit(untested-change)", null, null],
      ["Find the next time a cron expression matches", "eslint(no-debugger)", "src/next-run.ts", 21],
      ["document retries and rate limits.", "commit(subject-period)", null, null],
      ["document retries and rate limits.", "commit(subject-case)", null, null],
      ["Limit a rate with a token bucket", "eslint(eqeqeq)", "src/rate-limiter.ts", 29],
      ["Retry a function until it succeeds", "eslint(no-empty)", "src/retry.ts", 28],
    ]);
    expect(output.ok).toBe(false);
    expect(output.commits).toHaveLength(14);
    expect(output.range).toBe("af42830");
    expect(learned.commits.map(({ position }) => position)).toEqual(demo.commits.map((_, index) => 14 - index));
    expect(learned.commits[0]?.review).toEqual({ findings: 1, rules: { "eslint(no-unused-vars)": 1 } });
    expect(await readdir(join(root, "temporary"))).toEqual([]);
  });

  it("reviews three commits by default, and tells its progress", async () => {
    const steps: string[] = [];
    const { output } = await reviewCommits({}, work({ progress: (_fraction, message) => steps.push(message) }));
    expect(output.range).toBe("f82ab9f^..af42830");
    expect(steps).toEqual([
      "reviewing af42830 (1 of 3)",
      "reviewing 1d0bfd2 (2 of 3)",
      "reviewing f82ab9f (3 of 3)",
      "2 findings",
    ]);
  });

  it("goes by the repository's own rules, and reads files whatever their names", async () => {
    const folder = join(root, "own-rules");
    await commitFile(folder, ".oxlintrc.json", '{ "rules": { "eqeqeq": "off", "no-console": "error" } }');
    await commitFile(folder, "-odd [name]\tü.test.ts", "if (1 == Number(process.pid)) console.log(1);\n");
    const { output } = await reviewCommits({ repository: folder, count: 1 }, work());
    expect(output.findings).toMatchObject([{ rule: "eslint(no-console)", file: "-odd [name]\tü.test.ts", line: 1 }]);
  });

  it("says that the rules are wrong", async () => {
    const folder = join(root, "wrong-rules");
    await commitFile(folder, ".oxlintrc.json", "{");
    await commitFile(folder, "a.ts", "export {};\n");
    await expect(reviewCommits({ repository: folder }, work())).rejects.toThrow(ToolFailed);
  });

  it("tells syntax errors and large commits", async () => {
    const folder = join(root, "large");
    await commitFile(folder, "a.ts", "export {};\n");
    await commitFile(folder, "b.ts", `const = 1;\n${"// a line\n".repeat(500)}`, "wip");
    const { output } = await reviewCommits({ repository: folder, count: 1 }, work());
    const rules = output.findings.map(({ rule }) => rule);
    expect(rules).toEqual([
      "commit(subject-case)",
      "commit(unfinished)",
      "commit(large-diff)",
      "commit(untested-change)",
      "syntax",
    ]);
  });

  it("reviews a merge by what it brings to its first parent", async () => {
    const folder = join(root, "merge");
    await commitFile(folder, "a.ts", "export {};\n");
    const run = (...parameters: string[]) => git(parameters, { folder, signal });
    await run("checkout", "--quiet", "-b", "side");
    await commitFile(folder, "b.test.ts", "debugger;\n");
    await run("checkout", "--quiet", "-");
    await commitFile(folder, "c.ts", "export {};\n");
    const identity = ["-c", "user.name=Demo", "-c", "user.email=demo@muster.invalid"];
    await run(...identity, "merge", "--quiet", "--no-ff", "-m", "Merge side", "side");
    const { output } = await reviewCommits({ repository: folder, count: 1 }, work());
    expect(output.findings).toMatchObject([{ rule: "eslint(no-debugger)", file: "b.test.ts" }]);
  });

  it("refuses what it cannot work on, for good", async () => {
    const wrong: [unknown, new (...parameters: never[]) => Error][] = [
      [{ repository: root }, RepositoryUnreadable],
      [{ count: 0 }, InvalidTaskInput],
      [{ count: 51 }, InvalidTaskInput],
      [{ count: 1.5 }, InvalidTaskInput],
      [{ count: "3" }, InvalidTaskInput],
      [{ commit: "--all" }, UnknownRevision],
    ];
    for (const [input, type] of wrong) {
      const error = await reviewCommits(input, work()).catch((thrown: unknown) => thrown);
      expect(error, JSON.stringify(input)).toBeInstanceOf(type);
      expect(error).toMatchObject({ retryable: false });
    }
  });

  it("stops between commits when it is aborted, and leaves no files", async () => {
    const controller = new AbortController();
    const steps: string[] = [];
    const progress = (_fraction: number, message: string) => {
      if (steps.push(message) === 2) controller.abort(new Error("cancelled"));
    };
    const review = reviewCommits({ count: 50 }, work({ signal: controller.signal, progress }));
    await expect(review).rejects.toThrow("cancelled");
    expect(steps).toHaveLength(2);
    expect(await readdir(join(root, "temporary"))).toEqual([]);
  });
});
