import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDemoRepository, type DemoRepository } from "@muster/agent-repository/create-repository.ts";
import { InvalidTaskInput, RepositoryUnreadable, UnknownRevision } from "@muster/agent-toolkit/errors.ts";
import { commitFiles } from "@muster/agent-toolkit/testing/commit-files.ts";
import type { Work } from "@muster/agent-toolkit/work.ts";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { BuildStep } from "./build-plan.ts";
import { buildCommit } from "./build-commit.ts";

describe("buildCommit", () => {
  let root: string;
  let demo: DemoRepository;
  const steps: [number, string][] = [];
  const work = (signal = new AbortController().signal): Work => ({
    repository: demo.path,
    timeoutMs: 60_000,
    signal,
    progress: (fraction, message) => steps.push([fraction, message]),
  });
  const repositoryOf = async (name: string, files: Record<string, string>) => {
    await commitFiles(join(root, name), files);
    return join(root, name);
  };

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "muster-builder-"));
    vi.stubEnv("TMPDIR", join(root, "temporary"));
    await mkdir(join(root, "temporary"));
    demo = await createDemoRepository(join(root, "demo"));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(root, { recursive: true, force: true });
  });

  it("builds the demo repository, the same bundle each time", async () => {
    steps.length = 0;
    const { output, learned } = await buildCommit(undefined, work());
    const head = demo.commits.at(-1);
    expect(output).toMatchObject({
      ok: true,
      commit: head?.sha,
      subject: head?.subject,
      steps: ["check types", "bundle"],
      typeChecked: true,
      diagnostics: [],
    });
    expect(output.bundle?.files).toBe(9);
    expect(output.bundle?.gzipBytes).toBeLessThan(output.bundle?.bytes ?? 0);
    expect(learned.commits).toMatchObject([{ sha: head?.sha, position: 14, build: { ok: true, errors: 0 } }]);
    expect(steps).toEqual([
      [0.1, "checking out"],
      [0.3, "checking types"],
      [0.7, "bundling"],
      [1, "built"],
    ]);
    const again = await buildCommit({ commit: "main" }, work());
    expect(again.output.bundle).toEqual(output.bundle);
    expect((await buildCommit({ commit: "HEAD~13" }, work())).output.bundle?.files).toBe(2);
    expect(await readdir(join(root, "temporary"))).toEqual([]);
  });

  it("takes the steps of the plan, each as the plan is when it begins", async () => {
    const only = (...planned: BuildStep[]) => buildCommit({}, work(), () => ({ steps: planned }));
    expect((await only("bundle")).output).toMatchObject({ ok: true, steps: ["bundle"], typeChecked: false });
    expect((await only("check types")).output).toMatchObject({ ok: true, bundle: null, typeChecked: true });
    expect((await only("bundle", "check types")).output.steps).toEqual(["bundle", "check types"]);
    // The plan changes while the types are checked: the next step is that of the new one, and none is taken twice.
    const plans: BuildStep[][] = [["check types"], ["check types", "bundle"]];
    const changing = () => ({ steps: plans.length > 1 ? (plans.shift() ?? []) : (plans[0] ?? []) });
    const { output } = await buildCommit({}, work(), changing);
    expect(output.steps).toEqual(["check types", "bundle"]);
    expect(output.bundle).not.toBeNull();
  });

  it("tells where the types are wrong", async () => {
    const repository = await repositoryOf("types", {
      "tsconfig.json": '{ "compilerOptions": { "strict": true, "types": [] }, "include": ["src"] }',
      "src/index.ts": 'export const size: number =\n  "large";\n',
    });
    const { output } = await buildCommit({ repository }, work());
    expect(output.ok).toBe(false);
    expect(output.diagnostics).toMatchObject([{ file: "src/index.ts", line: 1, column: 14, code: "TS2322" }]);
    expect(output.bundle).not.toBeNull();
  });

  it("tells what cannot be bundled", async () => {
    const repository = await repositoryOf("bundle", { "index.js": 'import "./missing.js";\n' });
    const { output } = await buildCommit({ repository }, work());
    expect(output).toMatchObject({ ok: false, typeChecked: false, bundle: null });
    expect(output.diagnostics).toMatchObject([{ file: "index.js", line: 1, column: 8, code: "ESBUILD" }]);
  });

  it("tells that there is no entry point", async () => {
    const repository = await repositoryOf("none", { "README.md": "# Nothing\n" });
    const { output } = await buildCommit({ repository }, work());
    expect(output.diagnostics).toMatchObject([{ file: null, code: "NO_ENTRY_POINT" }]);
  });

  it("refuses what it cannot work on, for good", async () => {
    const wrong: [unknown, new (...parameters: never[]) => Error][] = [
      [{ repository: root }, RepositoryUnreadable],
      [{ repository: join(root, "nowhere") }, RepositoryUnreadable],
      [{ repository: "demo" }, InvalidTaskInput],
      [{ repository: 5 }, InvalidTaskInput],
      [{ branch: "main" }, InvalidTaskInput],
      [{ commit: "" }, InvalidTaskInput],
      [{ commit: "HEAD\n" }, InvalidTaskInput],
      ["HEAD", InvalidTaskInput],
      [{ commit: "nope" }, UnknownRevision],
      [{ commit: "--all" }, UnknownRevision],
    ];
    for (const [input, type] of wrong) {
      const error = await buildCommit(input, work()).catch((thrown: unknown) => thrown);
      expect(error, JSON.stringify(input)).toBeInstanceOf(type);
      expect(error).toMatchObject({ retryable: false });
    }
  });

  it("stops when it is aborted, and leaves no files", async () => {
    for (const step of ["checking out", "checking types", "bundling"]) {
      const controller = new AbortController();
      const progress = (_fraction: number, message: string) => {
        if (message === step) setTimeout(() => controller.abort(new Error("cancelled")), 5);
      };
      const build = buildCommit({}, { ...work(controller.signal), progress });
      if (step !== "bundling") await expect(build).rejects.toThrow("cancelled");
      else await build.catch((error: Error) => expect(error.message).toBe("cancelled"));
    }
    expect(await readdir(join(root, "temporary"))).toEqual([]);
  });
});
