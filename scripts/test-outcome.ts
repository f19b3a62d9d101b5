import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

/** What went wrong in a file: in one of its tests, or in all of it (`test` is null then). */
export interface Failure {
  readonly test: string | null;
  /** The first line of what was said. */
  readonly says: string;
}

export interface FileOutcome {
  readonly file: string;
  readonly passed: readonly string[];
  readonly skipped: number;
  readonly failures: readonly Failure[];
}

export interface TestOutcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What counted as a failure although no single test failed. */
  readonly problems: readonly string[];
  readonly files: readonly FileOutcome[];
  /** Whether it is known of every failure in which file it was. */
  readonly located: boolean;
}

/** The part of vitest's JSON report that we read. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/**
 * Counts what vitest reported. A file that could not be loaded, an error outside of every test (`strayErrors` of them), a report
 * that is missing and a run in which nothing was tested are failures too: silence must not look like success.
 */
export function readOutcome(reportFile: string | null, exitCode: number | null, strayErrors = 0): TestOutcome {
  if (reportFile === null) {
    const problem = `The test run ended without a report (exit code ${exitCode}).`;
    return { passed: 0, failed: 1, skipped: 0, problems: [problem], files: [], located: false };
  }
  const report = JSON.parse(readFileSync(reportFile, "utf8")) as Report;
  const files = report.testResults.map(readFile);
  const counts = count(files);
  const elsewhere: string[] = [];
  if (strayErrors > 0 || (counts.failed === 0 && counts.passed > 0 && exitCode !== 0)) {
    elsewhere.push("There was an error outside of the tests; it is described above.");
  } else if (counts.failed === 0 && counts.passed === 0) elsewhere.push("No test ran.");
  return {
    ...counts,
    failed: counts.failed + elsewhere.length,
    problems: [...failedAsAWhole(files), ...elsewhere],
    files,
    located: elsewhere.length === 0,
  };
}

/** A sentence for each of these files in which no single test failed, but all of it did. */
export function failedAsAWhole(files: readonly FileOutcome[]): string[] {
  return files.flatMap(({ file, failures }) =>
    failures.filter(({ test }) => test === null).map(({ says }) => `${file} failed as a whole: ${says}`),
  );
}

function readFile({ name, status, message, assertionResults }: Report["testResults"][number]): FileOutcome {
  const of = (wanted: string) => assertionResults.filter((test) => test.status === wanted);
  const failures: Failure[] = of("failed").map(({ fullName, failureMessages }) => ({
    test: fullName,
    says: firstLine(failureMessages[0] ?? ""),
  }));
  if (status === "failed" && failures.length === 0) failures.push({ test: null, says: firstLine(message) });
  const passed = of("passed").map(({ fullName }) => fullName);
  const skipped = assertionResults.length - passed.length - of("failed").length;
  return { file: name, passed, skipped, failures };
}

/** How many tests of these files passed, failed and were skipped. */
export function count(files: readonly FileOutcome[]): Pick<TestOutcome, "passed" | "failed" | "skipped"> {
  const sum = (of: (file: FileOutcome) => number) => files.reduce((total, file) => total + of(file), 0);
  return {
    passed: sum(({ passed }) => passed.length),
    failed: sum(({ failures }) => failures.length),
    skipped: sum(({ skipped }) => skipped),
  };
}

function firstLine(text: string): string {
  const lines = stripVTControlCharacters(text).split("\n");
  return lines.find((line) => line.trim() !== "")?.trim() ?? "nothing was said";
}

/** The last line of a test run. */
export function sentence({ passed, failed, skipped }: Pick<TestOutcome, "passed" | "failed" | "skipped">): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
