import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";

/** What a supervisor has to know about an agent that it runs, so that another one can go on from it. */
const ProcessRecord = z.object({
  /** Null while there is none, between two starts. */
  process: z
    .object({
      pid: z.int().min(2),
      start: z.string(),
      /** Wall clock, milliseconds. */
      startedAt: z.number(),
      /** The agent's version when the process was started: it tells one DEPLOYING from the next. */
      deployment: z.int(),
      definitionVersion: z.int(),
      entryHash: z.string(),
      /** Where it finds the API. */
      url: z.string(),
    })
    .nullable(),
  /** The quick failures in a row, by the wall clock, oldest first. */
  failures: z.array(z.number()),
  /** The agent's version in the last ERROR that was counted as a failure. */
  failedVersion: z.int().nullable(),
  /** It is not started again while the agent's version is this: it failed too often, or was not to work anyway. */
  heldVersion: z.int().nullable(),
  /** It was running when Muster stopped, and is to run again. */
  resume: z.boolean(),
});
export type ProcessRecord = z.infer<typeof ProcessRecord>;

export const NEW_RECORD: ProcessRecord = {
  process: null,
  failures: [],
  failedVersion: null,
  heldVersion: null,
  resume: false,
};

/** Where an agent's files are: `<folder>/<agent's public id>/`. */
export function recordFile(folder: string, agentId: string): string {
  return join(folder, agentId, "process.json");
}

/** Replaces the record as a whole: a reader, also after a crash, finds the old one or the new one. */
export async function writeRecord(path: string, record: ProcessRecord): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.draft`;
  await writeFile(draft, JSON.stringify(record), { mode: 0o600 });
  await rename(draft, path);
}

export async function removeRecord(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** Every record below `folder`, by the agent's public id. Tells `onBroken` of those that cannot be read. */
export async function readRecords(
  folder: string,
  onBroken: (path: string, error: unknown) => void,
): Promise<Map<string, ProcessRecord>> {
  const records = new Map<string, ProcessRecord>();
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const path = recordFile(folder, entry.name);
    try {
      records.set(entry.name, ProcessRecord.parse(JSON.parse(await readFile(path, "utf8"))));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") onBroken(path, error);
    }
  }
  return records;
}
