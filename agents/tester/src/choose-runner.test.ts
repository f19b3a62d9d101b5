import { describe, expect, it } from "vitest";
import { runnerOf } from "./choose-runner.ts";

describe("runnerOf", () => {
  it.each([
    [undefined, []],
    ['echo "Error: no test specified" && exit 1', []],
    ["node --test", []],
    ["node  --test test/a.test.ts", ["test/a.test.ts"]],
    ["node --test 'test/**/*.test.ts' --test-concurrency=2", ["test/**/*.test.ts", "--test-concurrency=2"]],
    ['node --enable-source-maps --test "test/*.ts"', ["--enable-source-maps", "test/*.ts"]],
  ])("uses Node's runner for %s", (script, parameters) => {
    expect(runnerOf(script)).toEqual({ name: "node", parameters });
  });

  it.each([
    "vitest run",
    "node test.js",
    "npm run build && node --test",
    "node --test; rm -rf build",
    "node --test $(ls)",
    "node --test test/*.ts",
    "CI=1 node --test",
    "node --test --test-reporter=tap",
    "node --test | tee log",
    'node --test "unclosed',
    "",
  ])("leaves %s to npm", (script) => {
    expect(runnerOf(script)).toEqual({ name: "npm" });
  });
});
