import type { CommitKnowledge, KnownRepository } from "./repository-knowledge.ts";

type Aggregates = Pick<
  KnownRepository,
  "lastGoodCommit" | "firstBadCommit" | "fixedByCommit" | "failingTests" | "flakyTests" | "ruleCounts"
>;

/** What the summaries of single commits say together. */
export function summariseCommits(commits: KnownRepository["commits"]): Aggregates {
  const ordered = Object.entries(commits).sort(([, a], [, b]) => a.position - b.position);
  const judged = ordered.flatMap(([sha, commit]) => {
    const verdict = judge(commit);
    return verdict === null ? [] : [{ sha, good: verdict === "good" }];
  });
  const firstBad = judged.findLastIndex(({ good }, index) => !good && judged[index - 1]?.good !== false);
  const fixedBy = firstBad === -1 ? undefined : judged.slice(firstBad).find(({ good }) => good);
  const tested = ordered.flatMap(([, { test }]) => (test === undefined ? [] : [test]));
  return {
    lastGoodCommit: judged.findLast(({ good }) => good)?.sha ?? null,
    firstBadCommit: judged[firstBad]?.sha ?? null,
    fixedByCommit: fixedBy?.sha ?? null,
    failingTests: tested.at(-1)?.failingTests ?? [],
    flakyTests: [...new Set(tested.flatMap(({ flakyTests }) => flakyTests))].sort(),
    ruleCounts: countRules(ordered.map(([, commit]) => commit)),
  };
}

/** Bad when build or tests failed, good when the tests passed, null while too little is known. */
export function judge({ build, test }: CommitKnowledge): "good" | "bad" | null {
  if (build?.ok === false || test?.ok === false) return "bad";
  return test === undefined ? null : "good";
}

function countRules(commits: readonly CommitKnowledge[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { review } of commits) {
    for (const [rule, count] of Object.entries(review?.rules ?? {})) counts.set(rule, (counts.get(rule) ?? 0) + count);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
