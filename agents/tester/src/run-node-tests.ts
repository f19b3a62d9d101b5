import { createReadStream } from "node:fs";
import { relative } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { cleanText, lastLines } from "@muster/agent-toolkit/clean-text.ts";
import { runProcess } from "@muster/agent-toolkit/run-process.ts";
import type { TestResult } from "./test-result.ts";
import { failureLimit, type TestReport } from "./test-report.ts";

const reporter = fileURLToPath(new URL("result-reporter.ts", import.meta.url));
const messageLimit = 4_000;

/**
 * Runs the tests of a checked-out tree with `node --test`. A run without any test fails: it vouches for nothing.
 *
 * @param resultFile where the reporter writes, outside the tree
 */
export async function runNodeTests(
  folder: string,
  resultFile: string,
  parameters: readonly string[],
  limits: { signal: AbortSignal; timeoutMs: number },
): Promise<TestReport> {
  const options = ["--test", `--test-reporter=${reporter}`, `--test-reporter-destination=${resultFile}`];
  const result = await runProcess(process.execPath, [...options, ...parameters], {
    folder,
    ...limits,
    endWithAgent: true,
  });
  const report: TestReport = {
    passed: 0,
    failed: 0,
    skipped: 0,
    failures: [],
    passedTests: [],
    exitCode: result.exitCode,
  };
  for await (const test of readResults(resultFile)) {
    report[test.outcome] += 1;
    const file = relative(folder, test.file);
    const name = cleanText(test.name === file ? file : `${file} › ${test.name}`, messageLimit);
    if (test.outcome === "passed") report.passedTests.push(name);
    if (test.outcome !== "failed" || report.failures.length >= failureLimit) continue;
    report.failures.push({ name, file, message: readableMessage(test.message ?? "", folder) });
  }
  if (report.failed === 0 && (result.exitCode !== 0 || report.passed === 0)) {
    const why = result.exitCode === 0 ? ["No test was found."] : lastLines(result.stderr || result.stdout, 20);
    report.failed = 1;
    report.failures.push({ name: "node --test", file: "", message: cleanText(why.join("\n"), messageLimit) });
  }
  return report;
}

/** Without the frames of Node's own code, and with paths as they are in the repository. */
function readableMessage(message: string, folder: string): string {
  const lines = message.split("\n").filter((line) => !/^\s+at .*\bnode:/.test(line));
  return cleanText(lines.join("\n").replaceAll(`file://${folder}/`, "").replaceAll(`${folder}/`, ""), messageLimit);
}

async function* readResults(file: string): AsyncGenerator<TestResult> {
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      // The run may have been killed in the middle of the last line.
      if (line.endsWith("}")) yield JSON.parse(line) as TestResult;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
