/** `npm run generate` writes every generated file anew; with `--check` it only says which ones are out of date. */
import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { generate } from "@graphql-codegen/cli";
import consoleTypes from "../apps/console/codegen.ts";
import { agentLifecycle } from "../packages/domain/src/agent-lifecycle.ts";
import { taskLifecycle } from "../packages/domain/src/task-lifecycle.ts";
import { webhookLifecycle } from "../packages/domain/src/webhook-lifecycle.ts";
import { bulkJobLifecycle } from "../packages/domain/src/bulk-job-lifecycle.ts";
import { rollbackLifecycle } from "../packages/domain/src/rollback-lifecycle.ts";
import { workflowLifecycle } from "../packages/domain/src/workflow-lifecycle.ts";
import { printedSchema } from "../packages/graphql/src/print-schema.ts";
import { schema as builtSchema } from "../packages/graphql/src/schema.ts";
import { lifecyclesDocument } from "./lifecycles-document.ts";
import { permissionsDocument } from "./permissions-document.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const check = process.argv.includes("--check");
const schema = printedSchema();

/** Paths from the root, and the text of each. */
const generated: Readonly<Record<string, string>> = {
  "schema.graphql": schema,
  "docs/lifecycles.md": lifecyclesDocument([
    agentLifecycle,
    taskLifecycle,
    workflowLifecycle,
    bulkJobLifecycle,
    webhookLifecycle,
    rollbackLifecycle,
  ]),
  "docs/permissions.md": permissionsDocument(builtSchema),
  ...(await typesOfTheConsole()),
};
const stale = Object.entries(generated).filter(([path, text]) => present(path) !== text);

for (const [path, text] of stale) {
  if (!check) writeFileSync(root + path, text);
  process.stdout.write(`${path} ${check ? "is out of date" : "written"}\n`);
}
if (check && stale.length > 0) {
  process.stdout.write("Run `npm run generate` and commit what it writes.\n");
  process.exitCode = 1;
}

/** From the schema as it is in the code, whatever the file says. */
async function typesOfTheConsole(): Promise<Record<string, string>> {
  const cwd = `${root}apps/console`;
  const files = (await generate({ ...consoleTypes, schema, cwd, silent: true, errorsOnly: true }, false)) as {
    filename: string;
    content: string;
  }[];
  return Object.fromEntries(files.map(({ filename, content }) => [relative(root, `${cwd}/${filename}`), content]));
}

function present(path: string): string | null {
  try {
    return readFileSync(root + path, "utf8");
  } catch {
    return null;
  }
}
