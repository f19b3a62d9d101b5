/** `npm run generate` writes every generated file anew; with `--check` it only says which ones are out of date. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { agentLifecycle } from "../packages/domain/src/agent-lifecycle.ts";
import { taskLifecycle } from "../packages/domain/src/task-lifecycle.ts";
import { printedSchema } from "../packages/graphql/src/print-schema.ts";
import { lifecyclesDocument } from "./lifecycles-document.ts";

/** Paths from the root, and what makes their text. */
const GENERATED: Readonly<Record<string, () => string>> = {
  "schema.graphql": printedSchema,
  "docs/lifecycles.md": () => lifecyclesDocument([agentLifecycle, taskLifecycle]),
};

const check = process.argv.includes("--check");
const stale = Object.entries(GENERATED)
  .map(([path, make]) => ({ path, file: fileURLToPath(new URL(`../${path}`, import.meta.url)), text: make() }))
  .filter(({ file, text }) => present(file) !== text);

for (const { path, file, text } of stale) {
  if (!check) writeFileSync(file, text);
  process.stdout.write(`${path} ${check ? "is out of date" : "written"}\n`);
}
if (check && stale.length > 0) {
  process.stdout.write("Run `npm run generate` and commit what it writes.\n");
  process.exitCode = 1;
}

function present(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
