import { git } from "@muster/agent-toolkit/git.ts";
import type { Commit } from "@muster/agent-toolkit/commit.ts";
import type { Repository } from "@muster/agent-toolkit/open-repository.ts";

export interface ChangedFile {
  /** Relative to the repository. */
  readonly path: string;
  /** Null for a binary file. */
  readonly added: number | null;
  readonly removed: number | null;
}

/** The files that a commit adds or changes (not those it removes) against its first parent. */
export async function changedFiles(
  repository: Repository,
  commit: Commit,
  signal: AbortSignal,
): Promise<ChangedFile[]> {
  const output = await diffTree(repository, commit, ["--numstat", "-z", "--diff-filter=d"], signal);
  return output
    .split("\0")
    .filter((record) => record !== "")
    .map((record) => {
      const [added = "-", removed = "-", ...path] = record.split("\t");
      return { path: path.join("\t"), added: numberOrNull(added), removed: numberOrNull(removed) };
    });
}

/** The numbers of the lines that a commit adds to a file or changes in it, as the file is in that commit. */
export async function addedLines(
  repository: Repository,
  commit: Commit,
  path: string,
  signal: AbortSignal,
): Promise<Set<number>> {
  return parseAddedLines(await diffTree(repository, commit, ["-p", "--unified=0", "--no-color"], signal, path));
}

/** Reads the headers of a unified diff without context: "@@ -12,0 +13,2 @@" adds lines 13 and 14. */
export function parseAddedLines(diff: string): Set<number> {
  const lines = new Set<number>();
  for (const [, first, count] of diff.matchAll(/^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/gm)) {
    for (let index = 0; index < Number(count ?? 1); index += 1) lines.add(Number(first) + index);
  }
  return lines;
}

async function diffTree(
  repository: Repository,
  { sha, parent }: Commit,
  parameters: readonly string[],
  signal: AbortSignal,
  path?: string,
): Promise<string> {
  const options = { folder: repository.path, signal };
  const base = parent ?? (await git(["hash-object", "-t", "tree", "--stdin"], options)).trim();
  const settings = ["-r", "--no-renames", "--no-ext-diff", "--no-textconv"];
  const paths = path === undefined ? [] : [`:(literal)${path}`];
  return git(["diff-tree", ...settings, ...parameters, base, sha, "--", ...paths], options);
}

function numberOrNull(text: string): number | null {
  return text === "-" ? null : Number(text);
}
