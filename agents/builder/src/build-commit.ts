import { join } from "node:path";
import { checkOut, linkDependencies } from "@muster/agent-toolkit/check-out.ts";
import { commitPosition, resolveCommit } from "@muster/agent-toolkit/commit.ts";
import type { Learned } from "@muster/agent-toolkit/knowledge/merge-knowledge.ts";
import { openRepository } from "@muster/agent-toolkit/open-repository.ts";
import { commitInput, parseTaskInput } from "@muster/agent-toolkit/task-input.ts";
import { withTemporaryFolder } from "@muster/agent-toolkit/temporary-folder.ts";
import type { Work } from "@muster/agent-toolkit/work.ts";
import { bundlePackage, type Bundle } from "./bundle-package.ts";
import { checkTypes } from "./check-types.ts";
import { diagnostic, diagnosticLimit, type Diagnostic } from "./diagnostic.ts";
import { findEntryPoint } from "./entry-point.ts";

export interface BuildOutput {
  readonly ok: boolean;
  readonly repository: string;
  readonly commit: string;
  readonly subject: string;
  /** False when the commit has no tsconfig.json. */
  readonly typeChecked: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** Diagnostics beyond the first 200 are counted only. */
  readonly diagnosticCount: number;
  /** Null when there is nothing to bundle or bundling failed. */
  readonly bundle: Bundle | null;
  readonly durationMs: number;
}

/**
 * Builds a commit: type-checks its files with TypeScript and bundles its package with esbuild. A commit that does not build
 * is an output with `ok: false`.
 *
 * @throws InvalidTaskInput, RepositoryUnreadable, UnknownRevision, ProcessTimedOut, ToolFailed, or the signal's reason
 */
export async function buildCommit(input: unknown, work: Work): Promise<{ output: BuildOutput; learned: Learned }> {
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
    progress(0.3, "checking types");
    const types = await checkTypes(folder, work);
    progress(0.7, "bundling");
    const { bundle, diagnostics } = await bundleFrom(folder, signal);
    const all = [...(types ?? []), ...diagnostics];
    const output: BuildOutput = {
      ok: all.length === 0,
      repository: repository.path,
      commit: sha,
      subject,
      typeChecked: types !== null,
      diagnostics: all.slice(0, diagnosticLimit),
      diagnosticCount: all.length,
      bundle,
      durationMs: Math.round(performance.now() - start),
    };
    const build = { ok: output.ok, errors: all.length, bundleBytes: bundle?.bytes ?? null };
    progress(1, output.ok ? "built" : `${all.length} errors`);
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
