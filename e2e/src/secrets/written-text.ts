import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { processesOf } from "../muster-process.ts";

/** What holds secrets for its purpose: the keys' own files, the database's data, the agents' repository. */
const NOT_LOGS = /^(bootstrap-key|encryption-key|postgres\/password|postgres\/cluster\/(?!.*\.log$)|repository\/)/;

/** Everything that a run has written into its data folder besides data and keys, by its path there. */
export async function writtenText(dataDir: string): Promise<Map<string, string>> {
  const written = new Map<string, string>();
  for (const entry of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
    const path = relative(dataDir, join(entry.parentPath, entry.name));
    if (!entry.isFile() || NOT_LOGS.test(path)) continue;
    const text = await readFile(join(dataDir, path), "utf8").catch(() => null);
    if (text !== null) written.set(path, text);
  }
  return written;
}

/** The values of a variable in the environments of all processes of the folder. Reads /proc, so on Linux only. */
export async function inEnvironments(dataDir: string, name: string): Promise<string[]> {
  const found = new Set<string>();
  for (const pid of await processesOf(dataDir)) {
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    for (const pair of environment.split("\0")) if (pair.startsWith(`${name}=`)) found.add(pair.slice(name.length + 1));
  }
  return [...found];
}

/** The ways in which a text may be written. */
export function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const ways = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), bytes.toString("hex")];
  // Base64 depends on what stands before: without the ends, the three ways it can come out.
  for (const before of ["", "x", "xx"]) {
    const text = Buffer.concat([Buffer.from(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    ways.push(text.slice(4, -4), text.slice(4, -4).replaceAll("+", "-").replaceAll("/", "_"));
  }
  return [...new Set(ways)].filter((way) => way.length >= 6);
}
