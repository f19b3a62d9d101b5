import { cleanText } from "./clean-text.ts";
import { UnknownRevision } from "./errors.ts";
import { git, runGit } from "./git.ts";
import type { Repository } from "./open-repository.ts";

export interface Commit {
  readonly sha: string;
  /** First parent; null for a root commit. */
  readonly parent: string | null;
  readonly subject: string;
}

const format = "--format=%H%x00%P%x00%s%x00";

/**
 * The commit that a revision names (a branch, a tag, an abbreviated sha, HEAD~2). A revision that begins with "-" is never
 * taken for an option.
 *
 * @throws UnknownRevision
 */
export async function resolveCommit(repository: Repository, revision: string, signal: AbortSignal): Promise<Commit> {
  const result = await runGit(["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`], {
    folder: repository.path,
    signal,
  });
  const sha = result.stdout.trim();
  if (result.exitCode !== 0 || sha === "") throw new UnknownRevision(revision, repository.path);
  const [commit] = await lastCommits(repository, sha, 1, signal);
  if (commit === undefined) throw new UnknownRevision(revision, repository.path);
  return commit;
}

/** The commit and those before it, newest first, along first parents. */
export async function lastCommits(
  repository: Repository,
  sha: string,
  count: number,
  signal: AbortSignal,
): Promise<Commit[]> {
  const parameters = [
    "log",
    "--first-parent",
    "--no-show-signature",
    "--encoding=UTF-8",
    `--max-count=${count}`,
    format,
    sha,
    "--",
  ];
  const output = await git(parameters, { folder: repository.path, signal });
  const fields = output.split("\0");
  const commits: Commit[] = [];
  for (let index = 0; index + 2 < fields.length; index += 3) {
    const [id = "", parents = "", subject = ""] = fields.slice(index, index + 3);
    const parent = parents.split(" ")[0];
    commits.push({ sha: id.trim(), parent: parent ? parent : null, subject: cleanText(subject, 200) });
  }
  return commits;
}

/** How many commits lead up to this one, itself included: higher than that of each of its ancestors. */
export async function commitPosition(repository: Repository, sha: string, signal: AbortSignal): Promise<number> {
  return Number(await git(["rev-list", "--count", sha, "--"], { folder: repository.path, signal }));
}

/** Which of these paths are files in a commit. */
export async function existingPaths(
  repository: Repository,
  sha: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const parameters = ["ls-tree", "--name-only", "-z", "--full-tree", sha, "--", ...paths];
  const output = await git(parameters, { folder: repository.path, signal });
  return output.split("\0").filter((path) => path !== "");
}

/** The form that messages show: its first seven characters. */
export function shortSha(sha: string): string {
  return sha.slice(0, 7);
}
