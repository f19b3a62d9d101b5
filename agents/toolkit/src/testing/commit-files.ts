import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { git } from "../git.ts";

/** For tests: writes files to a folder, made a git repository when it is none, and commits them. Answers the commit's sha. */
export async function commitFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
  message = "Change files",
): Promise<string> {
  const run = (...parameters: string[]) => git(parameters, { folder, signal: new AbortController().signal });
  for (const [name, contents] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents);
  }
  await run("init", "--quiet");
  await run("add", "--all");
  const identity = ["-c", "user.name=Demo", "-c", "user.email=demo@muster.invalid", "-c", "commit.gpgSign=false"];
  await run(...identity, "commit", "--quiet", "-m", message);
  return (await run("rev-parse", "HEAD")).trim();
}
