/**
 * A reporter for `node --test` that writes one TestResult a line. Node loads it by its path:
 * https://nodejs.org/api/test.html#custom-reporters
 */
import type { TestEvent } from "node:test/reporters";
import type { TestResult } from "./test-result.ts";

type EndedTest = Extract<TestEvent, { type: "test:pass" | "test:fail" }>["data"];
type FailedTest = Extract<TestEvent, { type: "test:fail" }>["data"];

const errorOutputLimit = 4_000;

export default async function* resultReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const errorOutput = new Map<string, string>();
  for await (const event of events) {
    if (event.type === "test:stderr") {
      const before = errorOutput.get(event.data.file) ?? "";
      errorOutput.set(event.data.file, (before + event.data.message).slice(-errorOutputLimit));
    } else if (event.type === "test:pass" && event.data.details.type !== "suite") {
      yield line({ ...place(event.data), outcome: isSkipped(event.data) ? "skipped" : "passed" });
    } else if (event.type === "test:fail" && !failedByItsTests(event.data)) {
      if (isSkipped(event.data)) yield line({ ...place(event.data), outcome: "skipped" });
      else yield line({ ...place(event.data), outcome: "failed", message: reason(event.data, errorOutput) });
    }
  }
}

function line(result: TestResult): string {
  return `${JSON.stringify(result)}\n`;
}

/** Tests that are to be written or mended ("todo") count as skipped, whether they pass or not. */
function isSkipped({ skip, todo }: EndedTest): boolean {
  return (skip !== undefined && skip !== false) || (todo !== undefined && todo !== false);
}

/** A suite or file fails with its tests, which were reported themselves. */
function failedByItsTests({ details }: FailedTest): boolean {
  return "failureType" in details.error && details.error.failureType === "subtestsFailed";
}

function place(test: EndedTest): { name: string; file: string } {
  const suites = "classname" in test && typeof test.classname === "string" ? [test.classname] : [];
  return { name: [...suites, test.name].join(" › "), file: test.file ?? "" };
}

/** What the test threw. A file that failed as a whole only says so: what it printed tells why. */
function reason(test: FailedTest, errorOutput: ReadonlyMap<string, string>): string {
  const { cause } = test.details.error;
  if (cause instanceof Error) return cause.stack?.includes(cause.message) ? cause.stack : cause.message;
  const printed = errorOutput.get(test.name);
  return printed === undefined ? String(cause ?? test.details.error.message) : printed.trim();
}
