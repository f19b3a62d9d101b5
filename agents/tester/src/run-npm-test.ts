import { delimiter, dirname } from "node:path";
import { cleanText, lastLines } from "@muster/agent-toolkit/clean-text.ts";
import { runProcess } from "@muster/agent-toolkit/run-process.ts";
import type { TestReport } from "./test-report.ts";

const lineCount = 40;

/** The name under which a suite is known whose single tests are not. */
export const wholeSuite = "npm test";

/** Runs `npm test` in a checked-out tree: one test as far as this agent can tell, passed when the exit code is 0. */
export async function runNpmTest(
  folder: string,
  limits: { signal: AbortSignal; timeoutMs: number },
): Promise<TestReport> {
  const result = await runProcess("npm", ["test", "--silent"], {
    folder,
    ...limits,
    endWithAgent: true,
    environment: {
      CI: "1",
      NO_COLOR: "1",
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ""}`,
      npm_config_update_notifier: "false",
    },
  });
  const ok = result.exitCode === 0;
  const lines = lastLines(`${result.stdout}\n${result.stderr}`, lineCount);
  const message = cleanText(lines.join("\n"), 4_000);
  return {
    passed: ok ? 1 : 0,
    failed: ok ? 0 : 1,
    skipped: 0,
    failures: ok ? [] : [{ name: wholeSuite, file: "", message }],
    passedTests: ok ? [wholeSuite] : [],
    exitCode: result.exitCode,
    lastLines: lines,
  };
}
