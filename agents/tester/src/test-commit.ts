import { join } from "node:path";
import { checkOut, linkDependencies } from "@muster/agent-toolkit/check-out.ts";
import { commitPosition, resolveCommit } from "@muster/agent-toolkit/commit.ts";
import { findRegression, type Regression } from "@muster/agent-toolkit/knowledge/find-regression.ts";
import type { Learned } from "@muster/agent-toolkit/knowledge/merge-knowledge.ts";
import type { RepositoryKnowledge } from "@muster/agent-toolkit/knowledge/repository-knowledge.ts";
import { openRepository } from "@muster/agent-toolkit/open-repository.ts";
import { commitInput, parseTaskInput } from "@muster/agent-toolkit/task-input.ts";
import { withTemporaryFolder } from "@muster/agent-toolkit/temporary-folder.ts";
import type { Work } from "@muster/agent-toolkit/work.ts";
import { chooseRunner } from "./choose-runner.ts";
import { runNodeTests } from "./run-node-tests.ts";
import { runNpmTest } from "./run-npm-test.ts";
import type { TestFailure } from "./test-report.ts";

export interface TestOutput extends Regression {
  readonly ok: boolean;
  readonly repository: string;
  readonly commit: string;
  readonly subject: string;
  /** "npm" when package.json names another runner than Node's: the suite then counts as one test. */
  readonly runner: "node" | "npm";
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly TestFailure[];
  readonly exitCode: number | null;
  /** Only from npm. */
  readonly lastLines?: readonly string[];
  readonly durationMs: number;
}

/**
 * Runs the test-suite of a commit, and compares its failures with what is known about earlier commits. Tests that fail are
 * an output with `ok: false`.
 *
 * @param knowledge asked once the tests have ended, for what is known then
 * @throws InvalidTaskInput, RepositoryUnreadable, UnknownRevision, ProcessTimedOut, ToolFailed, or the signal's reason
 */
export async function testCommit(
  input: unknown,
  work: Work,
  knowledge: () => RepositoryKnowledge,
): Promise<{ output: TestOutput; learned: Learned }> {
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
    const runner = await chooseRunner(folder);
    progress(0.3, `running the tests with ${runner.name}`);
    const { passedTests, ...report } =
      runner.name === "npm"
        ? await runNpmTest(folder, work)
        : await runNodeTests(folder, join(temporary, "results.jsonl"), runner.parameters, work);
    const ok = report.failed === 0;
    const { passed, failed, skipped } = report;
    progress(1, `${passed} passed, ${failed} failed`);
    const failingTests = report.failures.map(({ name }) => name);
    const output: TestOutput = {
      ok,
      repository: repository.path,
      commit: sha,
      subject,
      runner: runner.name,
      ...report,
      ...findRegression(knowledge(), repository.path, position, failingTests),
      durationMs: Math.round(performance.now() - start),
    };
    const test = { ok, passed, failed, skipped, failingTests, passedTests };
    return { output, learned: { repository: repository.path, commits: [{ sha, subject, position, test }] } };
  });
}
