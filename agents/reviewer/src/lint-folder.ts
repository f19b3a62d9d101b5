import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cleanText, lastLines } from "@muster/agent-toolkit/clean-text.ts";
import { ToolFailed } from "@muster/agent-toolkit/errors.ts";
import { runProcess } from "@muster/agent-toolkit/run-process.ts";
import { z } from "zod";

export interface LintProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly severity: "error" | "warning";
  readonly message: string;
}

const linter = fileURLToPath(new URL("bin/oxlint", import.meta.resolve("oxlint/package.json")));

/** A repository's own settings for the linter. */
export const lintConfiguration = ".oxlintrc.json";

/** Rules for repositories without settings of their own. */
const defaultRules = [
  "--warn=suspicious",
  ...["correctness", "eqeqeq", "no-empty"].map((rule) => `--deny=${rule}`),
  ...["unicorn/consistent-function-scoping", "unicorn/no-array-sort"].map((rule) => `--allow=${rule}`),
];
const outputLimit = 64 * 1024 * 1024;
const lintable = /\.(?:[cm]?[jt]s|[jt]sx)$/;

const report = z.object({
  diagnostics: z.array(
    z.object({
      message: z.string(),
      code: z.string().default("syntax"),
      severity: z.string(),
      filename: z.string(),
      labels: z.array(z.object({ span: z.object({ line: z.number(), column: z.number() }) })),
    }),
  ),
});

/** Whether the linter has anything to say about files of this name. */
export function isLintable(path: string): boolean {
  return lintable.test(path);
}

/**
 * Lints all files below a folder with oxlint, by the rules of the folder's .oxlintrc.json where there is one.
 *
 * @throws ToolFailed when the linter cannot run, for instance because the settings are wrong
 */
export async function lintFolder(
  folder: string,
  limits: { signal: AbortSignal; timeoutMs: number },
): Promise<LintProblem[]> {
  const hasOwnRules = existsSync(join(folder, lintConfiguration));
  const rules = hasOwnRules ? ["-c", lintConfiguration] : defaultRules;
  const parameters = ["--format=json", "--disable-nested-config", "--no-error-on-unmatched-pattern", ...rules];
  const result = await runProcess(process.execPath, [linter, ...parameters, "."], { folder, outputLimit, ...limits });
  const problems = report.safeParse(parseJson(result.stdout));
  if (result.truncated || !problems.success) {
    throw new ToolFailed("oxlint", lastLines(result.stderr || result.stdout, 5).join(" ") || "it printed no report");
  }
  const found = problems.data.diagnostics.map(({ message, code, severity, filename, labels }) => ({
    file: filename,
    line: labels[0]?.span.line ?? 1,
    column: labels[0]?.span.column ?? 1,
    rule: code,
    severity: severity === "error" ? ("error" as const) : ("warning" as const),
    message: cleanText(message, 1_000),
  }));
  // The linter works on several files at once and reports them in no order.
  return found.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
