import { writeFileSync } from "node:fs";

/** Where to write how many errors there were outside of the tests. */
export const STRAY_ERRORS = "MUSTER_TEST_STRAY_ERRORS";

/** A reporter of vitest's that tells what its JSON report leaves out: errors that belong to no test. */
export default class StrayErrors {
  onTestRunEnd(_: unknown, errors: readonly unknown[]): void {
    const file = process.env[STRAY_ERRORS];
    if (file) writeFileSync(file, String(errors.length));
  }
}
