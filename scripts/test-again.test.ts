import { describe, expect, it } from "vitest";
import { filesToRunAgain, lookAgain } from "./test-again.ts";
import { count, failedAsAWhole, type FileOutcome, sentence, type TestOutcome } from "./test-outcome.ts";

const file = (name: string, more: Partial<FileOutcome> = {}): FileOutcome => ({
  file: `/muster/${name}`,
  passed: [],
  skipped: 0,
  failures: [],
  ...more,
});
const fails = (test: string | null, says = "Timed out") => ({ failures: [{ test, says }] });
const run = (...files: FileOutcome[]): TestOutcome => ({
  ...count(files),
  problems: failedAsAWhole(files),
  files,
  located: true,
});
const strayError: Partial<TestOutcome> = { failed: 1, problems: ["There was an error outside."], located: false };

describe("what is run again", () => {
  it("is each file that failed, and no other", () => {
    const outcome = run(file("a", fails("one")), file("b", { passed: ["two"] }), file("c", fails(null)));
    expect(filesToRunAgain(outcome)).toEqual(["/muster/a", "/muster/c"]);
    expect(filesToRunAgain(run(file("b", { passed: ["two"] })))).toEqual([]);
  });

  it("is nothing when many have failed", () => {
    const failed = ["a", "b", "c", "d", "e", "f"].map((name) => file(name, fails("one")));
    expect(filesToRunAgain(run(...failed.slice(0, 5)))).toHaveLength(5);
    expect(filesToRunAgain(run(...failed))).toEqual([]);
  });

  it("is nothing after an error that is no file's, which a second run could not show to be gone", () => {
    expect(filesToRunAgain({ ...run(file("a", fails("one"))), ...strayError })).toEqual([]);
  });
});

describe("a run whose failures were looked at again", () => {
  const first = run(file("a", { passed: ["one"], ...fails("two") }), file("b", { passed: ["three"] }));
  const look = (second: TestOutcome, before = first) => lookAgain(before, new Map([["/muster/a", second]]), "/muster");

  it("passes when they are gone, and names them", () => {
    const { outcome, lines } = look(run(file("a", { passed: ["one", "two"] })));
    expect(sentence(outcome)).toBe("3 passed, 0 failed");
    expect(lines).toEqual(["passed only when run again by itself: a two: Timed out"]);
  });

  it("fails when they are still there, and counts them once", () => {
    const { outcome, lines } = look(run(file("a", { passed: ["one"], ...fails("two", "Timed out again") })));
    expect(sentence(outcome)).toBe("2 passed, 1 failed");
    expect(lines).toEqual(["failed twice: a two: Timed out"]);
  });

  it("fails when another test of the file fails instead", () => {
    const { outcome } = look(run(file("a", { passed: ["two"], ...fails("one") })));
    expect(outcome.failed).toBe(1);
  });

  it("fails when what failed was left out the second time", () => {
    expect(look(run(file("a", { passed: ["one"], skipped: 1 }))).outcome.failed).toBe(1);
    expect(look(run(file("another", { passed: ["one", "two"] }))).outcome.failed).toBe(1);
    expect(lookAgain(first, new Map(), "/muster").outcome.failed).toBe(1);
  });

  it("fails when there was an error outside of the tests, though they passed", () => {
    const { outcome } = look({ ...run(file("a", { passed: ["one", "two"] })), ...strayError });
    expect(outcome.failed).toBe(1);
    expect(outcome.problems).toEqual(["There was an error outside."]);
  });

  it("counts the tests of a file that had failed as a whole", () => {
    const whole = run(file("a", { skipped: 2, ...fails(null, "No database") }));
    const { outcome, lines } = look(run(file("a", { passed: ["one", "two"] })), whole);
    expect(sentence(outcome)).toBe("2 passed, 0 failed");
    expect(outcome.problems).toEqual([]);
    expect(lines).toEqual(["passed only when run again by itself: a as a whole: No database"]);
    expect(look(whole, whole).outcome.problems).toEqual(["/muster/a failed as a whole: No database"]);
    expect(look(run(file("a")), whole).outcome.failed).toBe(1);
  });
});
