import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { STRAY_ERRORS } from "./stray-errors.ts";
import { readOutcome, sentence, type TestOutcome } from "./test-outcome.ts";

const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const strayReporter = fileURLToPath(new URL("stray-errors.ts", import.meta.url));

/** Runs vitest itself over test files with these contents. */
function outcomeOf(files: Record<string, string>): TestOutcome {
  const folder = mkdtempSync(join(fileURLToPath(new URL(".", import.meta.url)), ".outcome-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    writeFileSync(
      join(folder, "vitest.config.mjs"),
      "export default { test: { include: ['*.mjs'], exclude: ['*.config.mjs'] } };",
    );
    const report = join(folder, "report.json");
    const stray = join(folder, "stray");
    const { status } = spawnSync(
      process.execPath,
      [
        vitest,
        "run",
        "--root",
        folder,
        "--reporter=json",
        `--reporter=${strayReporter}`,
        `--outputFile.json=${report}`,
      ],
      { cwd: folder, stdio: "ignore", env: { PATH: process.env["PATH"], [STRAY_ERRORS]: stray } },
    );
    return readOutcome(report, status, Number(readFileSync(stray, "utf8")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const saidOf = (files: Record<string, string>) => sentence(outcomeOf(files));

const head = `import { describe, expect, it } from "vitest";\n`;

it("counts tests that passed, failed and were skipped", () => {
  const text = `${head}it("a", () => {}); it("b", () => {}); it("c", () => expect(1).toBe(2)); it.skip("d", () => {});`;
  expect(saidOf({ "a.mjs": text })).toBe("2 passed, 1 failed, 1 skipped");
});

it("leaves skipped tests out when there are none", () => {
  expect(saidOf({ "a.mjs": `${head}it("a", () => {});` })).toBe("1 passed, 0 failed");
});

it("fails when a file cannot be loaded", () => {
  expect(saidOf({ "a.mjs": `${head}it("a", () => {});`, "b.mjs": `import "./missing.mjs";` })).toBe(
    "1 passed, 1 failed",
  );
});

const late = `it("a", async () => { setTimeout(() => { throw new Error("late"); }, 0); await new Promise((r) => setTimeout(r, 50)); });`;

it("fails when an error happens outside of the tests", () => {
  expect(saidOf({ "a.mjs": `${head}${late}` })).toBe("1 passed, 1 failed");
});

it("tells of an error outside of the tests also when a test has failed", () => {
  const outcome = outcomeOf({ "a.mjs": `${head}${late}`, "b.mjs": `${head}it("b", () => expect(1).toBe(2));` });
  expect(sentence(outcome)).toBe("1 passed, 2 failed");
  expect(outcome.located).toBe(false);
});

it("tells in which file which test has failed, and why", () => {
  const outcome = outcomeOf({
    "a.mjs": `${head}describe("x", () => it("a", () => { throw new Error("one\\ntwo"); }));`,
  });
  expect(outcome.located).toBe(true);
  expect(outcome.files).toMatchObject([{ passed: [], skipped: 0, failures: [{ test: "x a", says: "Error: one" }] }]);
});

it("fails when nothing ran", () => {
  expect(saidOf({ "a.mjs": `${head}it.skip("a", () => {});` })).toBe("0 passed, 1 failed, 1 skipped");
  expect(sentence(readOutcome(null, 1))).toBe("0 passed, 1 failed");
});
