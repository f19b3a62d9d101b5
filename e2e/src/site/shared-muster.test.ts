import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const TESTS = join(import.meta.dirname, "..");

it("lends each file projects that no other file has", () => {
  const filesOf = new Map<string, string[]>();
  for (const file of readdirSync(TESTS).filter((name) => name.endsWith(".test.ts"))) {
    const text = readFileSync(join(TESTS, file), "utf8");
    if (!text.includes("joinSite(")) continue;
    const projects = new Set([...text.matchAll(/"(demo\/[\w-]+)"/g)].map(([, path = ""]) => path));
    expect(projects.size, `${file} names its projects`).toBeGreaterThan(0);
    for (const path of projects) filesOf.set(path, [...(filesOf.get(path) ?? []), file]);
  }
  expect(filesOf.size).toBeGreaterThan(0);
  expect([...filesOf].filter(([, files]) => files.length > 1)).toEqual([]);
});
