import { tmpdir } from "node:os";
import { ToolFailed } from "./errors.ts";
import { runProcess } from "./run-process.ts";

/** The first version with `rev-parse --end-of-options`. */
const oldestGit = [2, 30] as const;

/**
 * The version of git on this machine: "2.39.5".
 *
 * @throws ProgramMissing, or ToolFailed when it is older than 2.30
 */
export async function gitVersion(signal: AbortSignal): Promise<string> {
  const version = await programVersion("git", signal);
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > oldestGit[0] || (major === oldestGit[0] && minor >= oldestGit[1])) return version;
  throw new ToolFailed(
    "git",
    `version ${version} is too old: install ${oldestGit.join(".")} or newer and start again.`,
  );
}

/**
 * What a program answers to --version, without its name.
 *
 * @throws ProgramMissing
 */
export async function programVersion(program: string, signal: AbortSignal): Promise<string> {
  const result = await runProcess(program, ["--version"], { folder: tmpdir(), signal, timeoutMs: 30_000 });
  return /\d+(?:\.\d+)+/.exec(result.stdout)?.[0] ?? result.stdout.trim();
}
