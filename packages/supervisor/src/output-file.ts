import { type FileHandle, mkdir, open, truncate, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { stripVTControlCharacters } from "node:util";

const MOST_LINES = 20;
const MOST_BYTES = 2_048;
const BEGINNING = "=== ";

/**
 * Opens an agent's output for appending and marks the beginning of a run in it. The caller gives the descriptor to the
 * process and closes it.
 */
export async function openOutput(path: string, title: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, "a", 0o600);
  // The run before may have ended within a line.
  const { size } = await file.stat();
  await file.appendFile(`${size > 0 ? "\n" : ""}${BEGINNING}${title}\n`);
  return file;
}

/**
 * Keeps an output file from growing without bound: beyond `mostBytes` its end is copied to `<path>.1`, and it is emptied in
 * place, so that a process that writes to it (for appending) never notices. What is written in between is lost.
 */
export async function trimOutput(path: string, mostBytes: number): Promise<void> {
  const { text, size } = await readEnd(path, mostBytes);
  if (size <= mostBytes) return;
  // The disk may be full: emptying helps.
  await writeFile(`${path}.1`, text, { mode: 0o600 }).catch(() => {});
  await truncate(path, 0);
}

/** The last lines of the present run, at most 20 and 2 KiB, as text that can be stored and shown; keys are blotted out. */
export async function lastLines(path: string): Promise<string> {
  const { text, size } = await readEnd(path, 8 * MOST_BYTES);
  const lines = stripVTControlCharacters(text.toString("utf8"))
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[^\P{Cc}\n\t]/gu, "")
    .replaceAll(/mst_[a-z]+_\w{26}_[\w-]+/g, "mst_…")
    .trimEnd()
    .split("\n");
  // Cut somewhere within a line.
  if (size > text.length) lines.shift();
  const ownLines = lines.slice(lines.findLastIndex((line) => line.startsWith(BEGINNING)) + 1);
  const kept = ownLines.slice(-MOST_LINES).join("\n");
  return Buffer.byteLength(kept) <= MOST_BYTES
    ? kept
    : `…${Buffer.from(kept)
        .subarray(-MOST_BYTES)
        .toString("utf8")
        .replace(/^\uFFFD+/, "")}`;
}

async function readEnd(path: string, mostBytes: number): Promise<{ text: Buffer; size: number }> {
  try {
    await using file = await open(path, "r");
    const { size } = await file.stat();
    const length = Math.min(size, mostBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return { text: buffer.subarray(0, bytesRead), size };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { text: Buffer.alloc(0), size: 0 };
    throw error;
  }
}
