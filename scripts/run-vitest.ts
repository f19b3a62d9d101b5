import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { STRAY_ERRORS } from "./stray-errors.ts";
import { readOutcome, type TestOutcome } from "./test-outcome.ts";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

export interface VitestRun {
  readonly outcome: TestOutcome;
  readonly code: number | null;
}

/** Runs vitest with these arguments, which prints what it does, and reads what it reported. Stops it when told to. */
export async function runVitest(args: readonly string[], stop: AbortSignal): Promise<VitestRun> {
  const folder = mkdtempSync(join(tmpdir(), "muster-test-report-"));
  const report = join(folder, "report.json");
  const stray = join(folder, "stray-errors");
  try {
    const vitest = spawn(
      process.execPath,
      [
        join(ROOT, "node_modules", "vitest", "vitest.mjs"),
        "run",
        "--reporter=default",
        "--reporter=json",
        `--reporter=${join(ROOT, "scripts", "stray-errors.ts")}`,
        `--outputFile.json=${report}`,
        ...args,
      ],
      { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, [STRAY_ERRORS]: stray } },
    );
    stop.addEventListener("abort", () => vitest.kill("SIGTERM"), { once: true });
    const [code] = (await once(vitest, "exit")) as [number | null];
    const strayErrors = existsSync(stray) ? Number(readFileSync(stray, "utf8")) : 0;
    return { outcome: readOutcome(existsSync(report) ? report : null, code, strayErrors), code };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
