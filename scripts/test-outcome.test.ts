import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { readOutcome, sentence } from "./test-outcome.ts";

const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));

/** Runs vitest itself over test files with these contents. */
function outcomeOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(fileURLToPath(new URL(".", import.meta.url)), ".outcome-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    writeFileSync(
      join(folder, "vitest.config.mjs"),
      "export default { test: { include: ['*.mjs'], exclude: ['*.config.mjs'] } };",
    );
    const report = join(folder, "report.json");
    const { status } = spawnSync(
      process.execPath,
      [vitest, "run", "--root", folder, "--reporter=json", `--outputFile.json=${report}`],
      { cwd: folder, stdio: "ignore", env: { PATH: process.env["PATH"] } },
    );
    return sentence(readOutcome(report, status));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const head = `import { expect, it } from "vitest";\n`;

it("counts tests that passed, failed and were skipped", () => {
  const text = `${head}it("a", () => {}); it("b", () => {}); it("c", () => expect(1).toBe(2)); it.skip("d", () => {});`;
  expect(outcomeOf({ "a.mjs": text })).toBe("2 passed, 1 failed, 1 skipped");
});

it("leaves skipped tests out when there are none", () => {
  expect(outcomeOf({ "a.mjs": `${head}it("a", () => {});` })).toBe("1 passed, 0 failed");
});

it("fails when a file cannot be loaded", () => {
  expect(outcomeOf({ "a.mjs": `${head}it("a", () => {});`, "b.mjs": `import "./missing.mjs";` })).toBe(
    "1 passed, 1 failed",
  );
});

it("fails when an error happens outside of the tests", () => {
  const text = `${head}it("a", async () => { setTimeout(() => { throw new Error("late"); }, 0); await new Promise((r) => setTimeout(r, 50)); });`;
  expect(outcomeOf({ "a.mjs": text })).toBe("1 passed, 1 failed");
});

it("fails when nothing ran", () => {
  expect(outcomeOf({ "a.mjs": `${head}it.skip("a", () => {});` })).toBe("0 passed, 1 failed, 1 skipped");
  expect(sentence(readOutcome(null, 1))).toBe("0 passed, 1 failed");
});
