import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lastLines } from "@muster/agent-toolkit/clean-text.ts";
import { ToolFailed } from "@muster/agent-toolkit/errors.ts";
import { runProcess } from "@muster/agent-toolkit/run-process.ts";
import { diagnostic, type Diagnostic } from "./diagnostic.ts";

const compiler = fileURLToPath(new URL("bin/tsc", import.meta.resolve("typescript/package.json")));
const parameters = [
  "-p",
  "tsconfig.json",
  "--noEmit",
  "--incremental",
  "false",
  "--composite",
  "false",
  "--pretty",
  "false",
];

/**
 * Type-checks a checked-out tree with the settings of its tsconfig.json. Null when it has none.
 *
 * @throws ToolFailed when the compiler failed without saying why
 */
export async function checkTypes(
  folder: string,
  limits: { signal: AbortSignal; timeoutMs: number },
): Promise<Diagnostic[] | null> {
  if (!existsSync(join(folder, "tsconfig.json"))) return null;
  const result = await runProcess(process.execPath, [compiler, ...parameters], { folder, ...limits });
  const diagnostics = parseCompilerOutput(result.stdout);
  if (result.exitCode !== 0 && diagnostics.length === 0) {
    throw new ToolFailed(
      "tsc",
      lastLines(result.stderr || result.stdout, 3).join(" ") || `exit code ${result.exitCode}`,
    );
  }
  return diagnostics;
}

/** Reads what `tsc --pretty false` prints: one line for each diagnostic, indented lines for what belongs to it. */
export function parseCompilerOutput(output: string): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const line of output.split(/\r?\n/)) {
    const match = /^(?:(?<file>.+?)\((?<line>\d+),(?<column>\d+)\): )?error (?<code>TS\d+): (?<message>.*)$/.exec(line);
    const last = diagnostics.at(-1);
    if (match?.groups !== undefined) {
      const { file, code = "", message = "" } = match.groups;
      const place = { file: file ?? "", line: Number(match.groups.line), column: Number(match.groups.column) };
      diagnostics.push(diagnostic(file === undefined ? null : place, code, message));
    } else if (last !== undefined && /^\s+\S/.test(line)) {
      diagnostics[diagnostics.length - 1] = { ...last, message: `${last.message}\n${line}` };
    }
  }
  return diagnostics;
}
