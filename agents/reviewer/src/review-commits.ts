import { join } from "node:path";
import { checkOut } from "@muster/agent-toolkit/check-out.ts";
import {
  commitPosition,
  existingPaths,
  lastCommits,
  resolveCommit,
  shortSha,
  type Commit,
} from "@muster/agent-toolkit/commit.ts";
import type { Learned } from "@muster/agent-toolkit/knowledge/merge-knowledge.ts";
import { openRepository, type Repository } from "@muster/agent-toolkit/open-repository.ts";
import { commitInput, parseTaskInput } from "@muster/agent-toolkit/task-input.ts";
import { withTemporaryFolder } from "@muster/agent-toolkit/temporary-folder.ts";
import type { Work } from "@muster/agent-toolkit/work.ts";
import { z } from "zod";
import { addedLines, changedFiles } from "./changed-files.ts";
import { checkCommit } from "./check-commit.ts";
import { findingLimit, type Finding } from "./finding.ts";
import { isLintable, lintConfiguration, lintFolder } from "./lint-folder.ts";

export interface ReviewOutput {
  /** True when no finding is an error. */
  readonly ok: boolean;
  readonly repository: string;
  /** The newest commit that was reviewed. */
  readonly commit: string;
  readonly subject: string;
  /** The reviewed commits, for `git log`: "3f2a1c9^..8b7d6e5", or "8b7d6e5" when the first commit of all is among them. */
  readonly range: string;
  /** Newest first. */
  readonly commits: readonly { readonly sha: string; readonly subject: string; readonly findings: number }[];
  readonly findings: readonly Finding[];
  /** Findings beyond the first 500 are counted only. */
  readonly findingCount: number;
  readonly durationMs: number;
}

const reviewInput = commitInput.extend({ count: z.int().min(1).max(50).default(3) });

/**
 * Reviews a commit and those before it: what the linter finds in the lines that each commit brought in, and what there is
 * to say about the commit itself.
 *
 * @throws InvalidTaskInput, RepositoryUnreadable, UnknownRevision, ProcessTimedOut, ToolFailed, or the signal's reason
 */
export async function reviewCommits(input: unknown, work: Work): Promise<{ output: ReviewOutput; learned: Learned }> {
  const start = performance.now();
  const { signal, progress } = work;
  const wanted = parseTaskInput(reviewInput, input);
  const repository = await openRepository(wanted.repository ?? work.repository, signal);
  const newest = await resolveCommit(repository, wanted.commit, signal);
  const commits = await lastCommits(repository, newest.sha, wanted.count, signal);
  const reviewed: { commit: Commit; findings: Finding[]; position: number }[] = [];
  await withTemporaryFolder(async (temporary) => {
    for (const [index, commit] of commits.entries()) {
      progress(index / commits.length, `reviewing ${shortSha(commit.sha)} (${index + 1} of ${commits.length})`);
      const findings = await reviewCommit(repository, commit, join(temporary, commit.sha), work);
      reviewed.push({ commit, findings, position: await commitPosition(repository, commit.sha, signal) });
    }
  });
  const findings = reviewed.flatMap((review) => review.findings);
  progress(1, `${findings.length} findings`);
  const oldest = commits.at(-1) ?? newest;
  const output: ReviewOutput = {
    ok: !findings.some(({ severity }) => severity === "error"),
    repository: repository.path,
    commit: newest.sha,
    subject: newest.subject,
    range: `${oldest.parent === null ? "" : `${shortSha(oldest.sha)}^..`}${shortSha(newest.sha)}`,
    commits: reviewed.map(({ commit, findings: own }) => ({
      sha: commit.sha,
      subject: commit.subject,
      findings: own.length,
    })),
    findings: findings.slice(0, findingLimit),
    findingCount: findings.length,
    durationMs: Math.round(performance.now() - start),
  };
  const learned = reviewed.map(({ commit: { sha, subject }, position, findings: own }) => {
    return { sha, subject, position, review: { findings: own.length, rules: countRules(own) } };
  });
  return { output, learned: { repository: repository.path, commits: learned } };
}

async function reviewCommit(repository: Repository, commit: Commit, folder: string, work: Work): Promise<Finding[]> {
  const { signal } = work;
  const files = await changedFiles(repository, commit, signal);
  const findings = checkCommit(commit, files);
  const paths = files.map(({ path }) => path).filter(isLintable);
  if (paths.length === 0) return findings;
  const settings = await existingPaths(repository, commit.sha, [lintConfiguration], signal);
  await checkOut(repository, commit.sha, folder, signal, [...paths, ...settings]);
  const lines = new Map<string, Set<number>>();
  for (const problem of await lintFolder(folder, work)) {
    const own = lines.get(problem.file) ?? (await addedLines(repository, commit, problem.file, signal));
    lines.set(problem.file, own);
    if (own.has(problem.line)) findings.push({ commit: commit.sha, ...problem });
  }
  return findings;
}

function countRules(findings: readonly Finding[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { rule } of findings) counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
}
