import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const text = readFileSync(join(root, "docs", "security.md"), "utf8");
const PROMISES = text.slice(text.indexOf("## What is promised"), text.indexOf("## What is not promised"));

it("names only tests that are there", () => {
  const named = [...new Set([...text.matchAll(/`([\w./-]+\.test\.ts)`/g)].map(([, path = ""]) => path))];
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

it("names a test for each promise", () => {
  const rows = PROMISES.split("\n").filter((line) => /^\| (?!threat|-)/.test(line) && !line.startsWith("|---"));
  expect(rows.length).toBeGreaterThan(50);
  expect(rows.filter((row) => !/`[\w./-]+\.test\.ts`[^|]*\|$/.test(row))).toEqual([]);
});
