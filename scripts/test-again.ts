import { relative } from "node:path";
import { count, failedAsAWhole, type FileOutcome, type TestOutcome } from "./test-outcome.ts";

/** When more fail, something is wrong that is no accident. */
const MOST_FILES = 5;

/** The files to run once more, each by itself; none when that could not turn the run into one that passes. */
export function filesToRunAgain({ files, located }: TestOutcome): string[] {
  const failed = files.filter(({ failures }) => failures.length > 0).map(({ file }) => file);
  return located && failed.length <= MOST_FILES ? failed : [];
}

export interface SecondLook {
  /** The whole run, with what the second runs of its files have said in place of the first. */
  readonly outcome: TestOutcome;
  /** A line for each failure of the first run: whether it was seen again. */
  readonly lines: readonly string[];
}

/** Puts the runs of single files in place of what these files did in the whole run. Paths are told from `root` on. */
export function lookAgain(first: TestOutcome, again: ReadonlyMap<string, TestOutcome>, root: string): SecondLook {
  const lines: string[] = [];
  const elsewhere: string[] = [];
  const files = first.files.map((before): FileOutcome => {
    const second = again.get(before.file);
    if (!second) return before;
    const after = second.files.find(({ file }) => file === before.file);
    const passes =
      after !== undefined &&
      after.passed.length > 0 &&
      second.failed === 0 &&
      failedOnes(before).every((test) => after.passed.includes(test));
    const verdict = passes ? "passed only when run again by itself" : "failed twice";
    for (const { test, says } of before.failures) {
      lines.push(`${verdict}: ${relative(root, before.file)} ${test ?? "as a whole"}: ${says}`);
    }
    if (passes) return after;
    if (!second.located) elsewhere.push(...second.problems);
    return before;
  });
  const problems = [...failedAsAWhole(files), ...elsewhere];
  return { outcome: { ...first, ...count(files), problems, files }, lines };
}

function failedOnes({ failures }: FileOutcome): string[] {
  return failures.flatMap(({ test }) => test ?? []);
}
