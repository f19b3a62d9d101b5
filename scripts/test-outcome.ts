import { readFileSync } from "node:fs";

export interface TestOutcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What counted as a failure although no single test failed. */
  readonly problems: readonly string[];
}

/** The part of vitest's JSON report that we read. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * Counts what vitest reported. A file that could not be loaded, an error outside of every test, a report that is missing
 * and a run in which nothing was tested are failures too: silence must not look like success.
 */
export function readOutcome(reportFile: string | null, exitCode: number | null): TestOutcome {
  if (reportFile === null) {
    return {
      passed: 0,
      failed: 1,
      skipped: 0,
      problems: [`The test run ended without a report (exit code ${exitCode}).`],
    };
  }
  const report = JSON.parse(readFileSync(reportFile, "utf8")) as Report;
  const problems = report.testResults
    .filter(
      ({ status, assertionResults }) =>
        status === "failed" && assertionResults.every((test) => test.status !== "failed"),
    )
    .map(({ name, message }) => `${name} failed as a whole: ${message}`);
  const passed = report.numPassedTests;
  const skipped = report.numPendingTests + report.numTodoTests;
  if (report.numFailedTests + problems.length === 0) {
    if (passed === 0) problems.push("No test ran.");
    else if (exitCode !== 0) problems.push("There was an error outside of the tests; it is described above.");
  }
  return { passed, failed: report.numFailedTests + problems.length, skipped, problems };
}

/** The last line of a test run. */
export function sentence({ passed, failed, skipped }: TestOutcome): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
