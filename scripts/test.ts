/**
 * `npm test`: runs every test and ends with the line "N passed, N failed". Arguments go to vitest: a part of a path
 * chooses files, `-t` chooses tests by name.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readOutcome, sentence } from "./test-outcome.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "muster-test-report-"));
const report = join(folder, "report.json");

const vitest = spawn(
  process.execPath,
  [
    join(root, "node_modules", "vitest", "vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: ["ignore", "inherit", "inherit"] },
);
// Ctrl-C reaches vitest by itself, which then stops what it started.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => vitest.kill("SIGTERM"));

const [code] = (await once(vitest, "exit")) as [number | null];
const outcome = readOutcome(existsSync(report) ? report : null, code);
rmSync(folder, { recursive: true, force: true });
for (const problem of outcome.problems) process.stdout.write(`${problem}\n`);
process.stdout.write(`\n${sentence(outcome)}\n`);
process.exit(outcome.failed > 0 ? code || 1 : 0);
