export interface TestFailure {
  /** File and full name of the test: unique as far as the tests' names are. */
  readonly name: string;
  /** Relative to the repository; empty when no single file is to blame. */
  readonly file: string;
  readonly message: string;
}

/** What a run of the tests said. */
export interface TestReport {
  passed: number;
  failed: number;
  skipped: number;
  /** The first of those that failed. */
  readonly failures: TestFailure[];
  readonly passedTests: string[];
  /** Null when a signal ended the run. */
  readonly exitCode: number | null;
  /** What a runner printed last, when that is all it says. */
  readonly lastLines?: readonly string[];
}

/** How many failures a report tells one by one. */
export const failureLimit = 100;
