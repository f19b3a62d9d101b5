import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { shippedOperations } from "./shipped-operations.ts";

const CONSOLE = new URL("../../console/src/api/generated/persisted-documents.json", import.meta.url);

it("knows the console's operations from the first moment on, however many ask at once", async () => {
  const [hash = ""] = Object.keys(JSON.parse(readFileSync(CONSOLE, "utf8")) as Record<string, string>);
  const shipped = shippedOperations();
  const answers = await Promise.all([shipped(), shipped(), shipped()]);
  expect(answers.map((known) => known.has(hash.replace(/^sha256:/, "")))).toEqual([true, true, true]);
});
