import { cleanText } from "../clean-text.ts";
import {
  knowledgeLimits,
  type BuildSummary,
  type CommitKnowledge,
  type KnownRepository,
  type RepositoryKnowledge,
  type ReviewSummary,
  type TestSummary,
} from "./repository-knowledge.ts";
import { summariseCommits } from "./summarise-commits.ts";

/** What one task found out about one commit. */
export interface LearnedCommit {
  readonly sha: string;
  readonly subject: string;
  readonly position: number;
  readonly build?: Omit<BuildSummary, "at">;
  readonly test?: Omit<TestSummary, "at" | "flakyTests"> & { readonly passedTests: readonly string[] };
  readonly review?: Omit<ReviewSummary, "at">;
}

export interface Learned {
  /** Absolute path. */
  readonly repository: string;
  readonly commits: readonly LearnedCommit[];
}

/**
 * Adds what was learned at a time (ISO 8601) to what was known: parts that other agents wrote stay as they are, what is
 * derived is derived anew, and beyond the limits what was learned longest ago is forgotten. Changes none of its arguments.
 */
export function mergeKnowledge(known: RepositoryKnowledge, learned: Learned, at: string): RepositoryKnowledge {
  const before = known.repositories[learned.repository];
  const commits = { ...before?.commits };
  const tests = { ...before?.tests };
  for (const commit of learned.commits) {
    commits[commit.sha] = mergeCommit(commits[commit.sha], commit, at);
    for (const name of commit.test?.passedTests ?? []) notePassed(tests, testName(name), commit);
  }
  const kept = keepNewest(commits, knowledgeLimits.commits);
  const repository: KnownRepository = { learnedAt: at, commits: kept, tests, ...summariseCommits(kept) };
  const repositories = { ...known.repositories, [learned.repository]: repository };
  return { repositories: keepNewest(repositories, knowledgeLimits.repositories) };
}

/** The name under which a test is known: one line of bounded length. */
export function testName(name: string): string {
  return cleanText(name.replaceAll(/\s+/g, " "), knowledgeLimits.textLength);
}

function mergeCommit(before: CommitKnowledge | undefined, learned: LearnedCommit, at: string): CommitKnowledge {
  const merged: CommitKnowledge = {
    ...before,
    subject: cleanText(learned.subject, knowledgeLimits.textLength),
    position: learned.position,
    learnedAt: at,
  };
  if (learned.build !== undefined) merged.build = { ...learned.build, at };
  if (learned.review !== undefined) merged.review = { ...learned.review, at };
  if (learned.test !== undefined) {
    const { passedTests, ...test } = learned.test;
    const failingTests = test.failingTests.map(testName).slice(0, knowledgeLimits.failingTests);
    const flakyTests = flaky(before?.test, failingTests, new Set(passedTests.map(testName)));
    merged.test = { ...test, failingTests, flakyTests, at };
  }
  return merged;
}

/** Tests that failed in one run of a commit and passed in another. */
function flaky(before: TestSummary | undefined, failing: readonly string[], passed: ReadonlySet<string>): string[] {
  if (before === undefined) return [];
  const mended = before.failingTests.filter((name) => passed.has(name));
  const broken = before.ok ? failing : [];
  return [...new Set([...before.flakyTests, ...mended, ...broken])].sort().slice(0, knowledgeLimits.failingTests);
}

function notePassed(tests: KnownRepository["tests"], name: string, { sha, position }: LearnedCommit): void {
  const before = tests[name];
  if (before === undefined && Object.keys(tests).length >= knowledgeLimits.tests) return;
  if (before === undefined || position < before.position) tests[name] = { commit: sha, position };
}

function keepNewest<T extends { learnedAt: string }>(entries: Record<string, T>, count: number): Record<string, T> {
  const all = Object.entries(entries);
  if (all.length <= count) return entries;
  return Object.fromEntries(all.sort(([, a], [, b]) => (a.learnedAt < b.learnedAt ? 1 : -1)).slice(0, count));
}
