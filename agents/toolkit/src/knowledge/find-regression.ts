import { testName } from "./merge-knowledge.ts";
import type { RepositoryKnowledge } from "./repository-knowledge.ts";
import { judge } from "./summarise-commits.ts";

export interface Regression {
  /** A test fails that passed at the last good commit. */
  readonly regression: boolean;
  /** The newest commit before this one that is known to be good; null when none is known. */
  readonly lastGoodCommit: string | null;
  readonly regressedTests: readonly string[];
}

/** Compares the tests that fail at a commit with what is known about the commits before it. */
export function findRegression(
  knowledge: RepositoryKnowledge,
  repository: string,
  position: number,
  failingTests: readonly string[],
): Regression {
  const known = knowledge.repositories[repository];
  const [lastGood] = Object.entries(known?.commits ?? {})
    .filter(([, commit]) => commit.position < position && judge(commit) === "good")
    .sort(([, a], [, b]) => b.position - a.position);
  if (known === undefined || lastGood === undefined) {
    return { regression: false, lastGoodCommit: null, regressedTests: [] };
  }
  const [sha, good] = lastGood;
  const regressedTests = failingTests.filter((name) => {
    const firstPassed = known.tests[testName(name)];
    return firstPassed !== undefined && firstPassed.position <= good.position;
  });
  return { regression: regressedTests.length > 0, lastGoodCommit: sha, regressedTests };
}
