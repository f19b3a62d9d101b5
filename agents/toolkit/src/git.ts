import { lastLines } from "./clean-text.ts";
import { ToolFailed } from "./errors.ts";
import { runProcess, type ProcessResult } from "./run-process.ts";

export interface GitOptions {
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** No question at a terminal, no hook, no monitor process, no lock for a mere reading. Messages in English. */
const configuration = ["core.hooksPath=/dev/null", "core.fsmonitor=false", "core.quotePath=false"];
const settings = [...configuration.flatMap((setting) => ["-c", setting]), "--no-pager", "--no-optional-locks"];
const environment = { GIT_TERMINAL_PROMPT: "0", GIT_NO_LAZY_FETCH: "1", LC_ALL: "C" };
const timeoutMs = 60_000;
const outputLimit = 16 * 1024 * 1024;

/** Runs git to its end, whatever its exit code. */
export function runGit(parameters: readonly string[], options: GitOptions): Promise<ProcessResult> {
  return runProcess("git", [...settings, ...parameters], {
    ...options,
    timeoutMs,
    outputLimit,
    environment: { ...environment, ...options.environment },
  });
}

/**
 * What git printed.
 *
 * @throws ToolFailed when git did not succeed or printed more than 16 MiB
 */
export async function git(parameters: readonly string[], options: GitOptions): Promise<string> {
  const result = await runGit(parameters, options);
  const command = `git ${parameters[0]}`;
  if (result.exitCode !== 0) throw new ToolFailed(command, lastLines(result.stderr, 3).join(" "));
  if (result.truncated) throw new ToolFailed(command, "it printed more than 16 MiB");
  return result.stdout;
}
