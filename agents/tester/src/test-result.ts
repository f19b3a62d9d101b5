/** One line that the reporter writes, as JSON, for each test that ended. */
export interface TestResult {
  readonly outcome: "passed" | "failed" | "skipped";
  /** The suites around it and its own name, joined by " › ". */
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  /** Why it failed. */
  readonly message?: string;
}
