import { join } from "node:path";
import { checkOut, linkDependencies } from "@muster/agent-toolkit/check-out.ts";
import { commitPosition, resolveCommit } from "@muster/agent-toolkit/commit.ts";
import type { Learned } from "@muster/agent-toolkit/knowledge/merge-knowledge.ts";
import { openRepository } from "@muster/agent-toolkit/open-repository.ts";
import { commitInput, parseTaskInput } from "@muster/agent-toolkit/task-input.ts";
import { withTemporaryFolder } from "@muster/agent-toolkit/temporary-folder.ts";
import type { Work } from "@muster/agent-toolkit/work.ts";
import { type BuildPlan, type BuildStep, wholePlan } from "./build-plan.ts";
import { bundlePackage, type Bundle } from "./bundle-package.ts";
import { checkTypes } from "./check-types.ts";
import { diagnostic, diagnosticLimit, type Diagnostic } from "./diagnostic.ts";
import { findEntryPoint } from "./entry-point.ts";

export interface BuildOutput {
  readonly ok: boolean;
  readonly repository: string;
  readonly commit: string;
  readonly subject: string;
  /** The steps that it took: those of the plan as it was when each began. */
  readonly steps: readonly BuildStep[];
  /** False when the commit has no tsconfig.json, or the plan did not ask for it. */
  readonly typeChecked: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** Diagnostics beyond the first 200 are counted only. */
  readonly diagnosticCount: number;
  /** Null when there is nothing to bundle, bundling failed, or the plan did not ask for it. */
  readonly bundle: Bundle | null;
  readonly durationMs: number;
}

/**
 * Builds a commit: type-checks its files with TypeScript and bundles its package with esbuild, as far as the plan says. The plan is
 * read anew before each step, since it can change while a build runs. A commit that does not build is an output with `ok: false`.
 *
 * @throws InvalidTaskInput, RepositoryUnreadable, UnknownRevision, ProcessTimedOut, ToolFailed, or the signal's reason
 */
export async function buildCommit(
  input: unknown,
  work: Work,
  readPlan: () => BuildPlan = () => wholePlan,
): Promise<{ output: BuildOutput; learned: Learned }> {
  const start = performance.now();
  const { signal, progress } = work;
  const wanted = parseTaskInput(commitInput, input);
  const repository = await openRepository(wanted.repository ?? work.repository, signal);
  const { sha, subject } = await resolveCommit(repository, wanted.commit, signal);
  const position = await commitPosition(repository, sha, signal);
  return withTemporaryFolder(async (temporary) => {
    const folder = join(temporary, "tree");
    progress(0.1, "checking out");
    await checkOut(repository, sha, folder, signal);
    await linkDependencies(repository, folder);
    const steps: BuildStep[] = [];
    const diagnostics: Diagnostic[] = [];
    let typeChecked = false;
    let bundle: Bundle | null = null;
    const nextStep = () => readPlan().steps.find((step) => !steps.includes(step));
    for (let step = nextStep(); step !== undefined; step = nextStep()) {
      steps.push(step);
      if (step === "check types") {
        progress(0.3, "checking types");
        const types = await checkTypes(folder, work);
        typeChecked = types !== null;
        diagnostics.push(...(types ?? []));
      } else {
        progress(0.7, "bundling");
        const bundled = await bundleFrom(folder, signal);
        bundle = bundled.bundle;
        diagnostics.push(...bundled.diagnostics);
      }
    }
    const output: BuildOutput = {
      ok: diagnostics.length === 0,
      repository: repository.path,
      commit: sha,
      subject,
      steps,
      typeChecked,
      diagnostics: diagnostics.slice(0, diagnosticLimit),
      diagnosticCount: diagnostics.length,
      bundle,
      durationMs: Math.round(performance.now() - start),
    };
    const build = { ok: output.ok, errors: diagnostics.length, bundleBytes: output.bundle?.bytes ?? null };
    progress(1, output.ok ? "built" : `${diagnostics.length} errors`);
    return { output, learned: { repository: repository.path, commits: [{ sha, subject, position, build }] } };
  });
}

async function bundleFrom(
  folder: string,
  signal: AbortSignal,
): Promise<{ bundle: Bundle | null; diagnostics: Diagnostic[] }> {
  const entryPoint = await findEntryPoint(folder);
  if (entryPoint !== null) return bundlePackage(folder, entryPoint, signal);
  const message =
    "package.json names no entry point that exists, and there is no src/index.ts, src/main.ts or index.js.";
  return { bundle: null, diagnostics: [diagnostic(null, "NO_ENTRY_POINT", message)] };
}
