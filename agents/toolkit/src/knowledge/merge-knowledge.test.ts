import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findRegression } from "./find-regression.ts";
import { mergeKnowledge, type LearnedCommit } from "./merge-knowledge.ts";
import {
  knowledgeLimits,
  readKnowledge,
  UnreadableKnowledge,
  type RepositoryKnowledge,
} from "./repository-knowledge.ts";

const repository = "/repository";
const nothing: RepositoryKnowledge = { repositories: {} };
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

function tested(position: number, failingTests: readonly string[] = [], passedTests = ["a", "b"]): LearnedCommit {
  const passed = passedTests.filter((name) => !failingTests.includes(name));
  const counts = { passed: passed.length, failed: failingTests.length, skipped: 0 };
  const test = { ok: failingTests.length === 0, ...counts, failingTests: [...failingTests], passedTests: passed };
  return { sha: `sha${position}`, subject: `commit ${position}`, position, test };
}

function learn(known: RepositoryKnowledge, commit: LearnedCommit, second = commit.position): RepositoryKnowledge {
  return mergeKnowledge(known, { repository, commits: [commit] }, at(second));
}

const learnAll = (commits: readonly LearnedCommit[]) =>
  commits.reduce((known, commit) => learn(known, commit), nothing);

describe("mergeKnowledge", () => {
  it("keeps what other agents wrote about the same commit", () => {
    const build = { ok: true, errors: 0, bundleBytes: 100 };
    const review = { findings: 2, rules: { "eslint(eqeqeq)": 2 } };
    let known = learn(nothing, tested(1));
    known = learn(known, { sha: "sha1", subject: "commit 1", position: 1, build });
    known = learn(known, { sha: "sha1", subject: "commit 1", position: 1, review });
    const commit = known.repositories[repository]?.commits["sha1"];
    expect(commit?.test?.passed).toBe(2);
    expect(commit?.build).toEqual({ ...build, at: at(1) });
    expect(known.repositories[repository]?.ruleCounts).toEqual({ "eslint(eqeqeq)": 2 });
  });

  it("finds the first bad commit, the last good one and the one that mended it, in whatever order they are tested", () => {
    const commits = [tested(1), tested(2), tested(3, ["b"]), tested(4, ["b"]), tested(5)];
    fc.assert(
      fc.property(fc.shuffledSubarray(commits, { minLength: 5 }), (order) => {
        const known = learnAll(order).repositories[repository];
        expect(known?.firstBadCommit).toBe("sha3");
        expect(known?.fixedByCommit).toBe("sha5");
        expect(known?.lastGoodCommit).toBe("sha5");
        expect(known?.failingTests).toEqual([]);
      }),
    );
  });

  it("knows what fails while nothing mended it", () => {
    const known = learnAll([tested(1), tested(2, ["b"]), tested(3, ["a", "b"])]).repositories[repository];
    expect(known).toMatchObject({ firstBadCommit: "sha2", fixedByCommit: null, lastGoodCommit: "sha1" });
    expect(known?.failingTests).toEqual(["a", "b"]);
  });

  it("counts a commit that does not build as bad, and one that was only built not as good", () => {
    const built = (position: number, ok: boolean): LearnedCommit => ({
      sha: `sha${position}`,
      subject: "",
      position,
      build: { ok, errors: ok ? 0 : 1, bundleBytes: null },
    });
    const known = learnAll([tested(1), built(2, true), built(3, false)]).repositories[repository];
    expect(known).toMatchObject({ firstBadCommit: "sha3", lastGoodCommit: "sha1" });
  });

  it("calls a test flaky that passes and fails at the same commit", () => {
    let known = learn(nothing, tested(1, ["b"]));
    expect(known.repositories[repository]?.flakyTests).toEqual([]);
    known = learn(known, tested(1), 2);
    known = learn(known, tested(1, ["a"]), 3);
    expect(known.repositories[repository]?.flakyTests).toEqual(["a", "b"]);
  });

  it("forgets what was learned longest ago", () => {
    const many = Array.from({ length: 120 }, (_, index) => `${index} ${"long name ".repeat(30)}`);
    const commits = Array.from({ length: 70 }, (_, index) => tested(index + 1, many.slice(0, 60), many));
    const known = learnAll(commits);
    const shas = Object.keys(known.repositories[repository]?.commits ?? {});
    expect(shas).toHaveLength(knowledgeLimits.commits);
    expect(shas).toContain("sha70");
    expect(shas).not.toContain("sha20");
    expect(JSON.stringify(known).length).toBeLessThan(200_000);
    const paths = Array.from({ length: 8 }, (_, index) => `/repository-${index}`);
    const wide = paths.reduce(
      (all, path, index) => mergeKnowledge(all, { repository: path, commits: [tested(1)] }, at(index)),
      nothing,
    );
    expect(Object.keys(wide.repositories).sort()).toEqual(paths.slice(-knowledgeLimits.repositories));
  });

  it("changes none of its arguments, and what it makes can be read again", () => {
    const known = Object.freeze(learn(nothing, tested(1)));
    const before = structuredClone(known);
    const after = learn(known, tested(2, ["a"]));
    expect(known).toEqual(before);
    expect(readKnowledge(JSON.parse(JSON.stringify(after)))).toEqual(after);
  });

  it("keeps text that cannot be stored out", () => {
    const commit = { ...tested(1, ["bad\0 name \uD800"]), subject: "nul \0" };
    const text = JSON.stringify(learn(nothing, commit));
    expect(text).not.toMatch(/\\u0000|\\ud800/i);
  });
});

describe("findRegression", () => {
  const known = learnAll([tested(1), tested(3, ["b"]), tested(5)]);

  it("names the tests that passed at the last good commit before", () => {
    expect(findRegression(known, repository, 6, ["a"])).toEqual({
      regression: true,
      lastGoodCommit: "sha5",
      regressedTests: ["a"],
    });
    expect(findRegression(known, repository, 2, ["b"]).lastGoodCommit).toBe("sha1");
  });

  it("does not blame a commit for a test that is new in it, or for what nobody knows", () => {
    expect(findRegression(known, repository, 6, ["new"]).regression).toBe(false);
    expect(findRegression(known, repository, 1, ["a"]).lastGoodCommit).toBeNull();
    expect(findRegression(known, "/other", 6, ["a"]).regression).toBe(false);
    expect(findRegression(known, repository, 6, []).regression).toBe(false);
  });
});

describe("readKnowledge", () => {
  it("takes a new context for one that knows nothing", () => {
    for (const data of [null, undefined, {}]) expect(readKnowledge(data)).toEqual(nothing);
  });

  it("refuses what these agents did not write", () => {
    for (const data of [[1], "text", { notes: 1 }, { repositories: { "/a": {} } }]) {
      expect(() => readKnowledge(data)).toThrow(UnreadableKnowledge);
    }
  });
});
