import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import type { LogLevel } from "./settings.ts";

const LEVELS = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60, silent: 70 };
const POLL_MS = 300;
const MOST_BYTES = 256 * 1024;

interface Entry {
  readonly level: number;
  readonly message: string;
  /** Who wrote it; undefined for lines that are not JSON. */
  readonly pid: number | undefined;
  /** Which of several servers that is. */
  readonly replica: string | undefined;
}

interface Line {
  readonly level?: string;
  readonly msg?: string;
  readonly err?: { readonly message?: string };
  readonly pid?: number;
  readonly replica?: string;
}

/**
 * Shows a person what deserves attention in the server's log (JSON lines) as it is written: warnings and worse, more
 * or less when `level` asks for it. Of lines that are not JSON (a crash's stack) the one with the error counts. Returns what ends it.
 */
export function followServerLog(path: string, level: LogLevel, show: (line: string) => void): () => void {
  const least = level === "info" ? LEVELS.warn : LEVELS[level];
  let position = statSync(path).size;
  let rest = "";
  const read = () => {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size < position) position = 0;
    if (size === position) return;
    const from = Math.max(position, size - MOST_BYTES);
    const lines = (rest + readPart(path, from)).split("\n");
    position = size;
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const entry = parse(line);
      if (!entry || entry.level < least) continue;
      show(`${entry.replica === undefined ? "server" : `replica ${entry.replica}`}: ${entry.message}`);
    }
  };
  const timer = setInterval(read, POLL_MS).unref();
  return () => {
    clearInterval(timer);
    read();
  };
}

/**
 * The last error that the process wrote behind `since` (bytes), else its last line of all, as one line; undefined when there is
 * none. A line that does not say whose it is may be its.
 */
export function lastProblem(path: string, since: number, pid: number | undefined): string | undefined {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const entries = readPart(path, Math.max(since > size ? 0 : since, size - MOST_BYTES))
    .split("\n")
    .map(parse)
    .filter((entry) => entry !== null)
    .filter((entry) => entry.pid === undefined || entry.pid === pid);
  return (entries.findLast(({ level }) => level >= LEVELS.error) ?? entries.at(-1))?.message;
}

function parse(line: string): Entry | null {
  if (line.trim() === "") return null;
  try {
    const { level, msg, err, pid, replica } = JSON.parse(line) as Line;
    const parts = [msg, err?.message].filter((part) => part !== undefined && part !== "");
    const known = LEVELS[level as keyof typeof LEVELS] ?? LEVELS.info;
    return { level: known, message: [...new Set(parts)].join(": "), pid, replica };
  } catch {
    return {
      level: /^\S*Error\b/.test(line) ? LEVELS.error : LEVELS.info,
      message: line,
      pid: undefined,
      replica: undefined,
    };
  }
}

function readPart(path: string, from: number): string {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch {
    return "";
  }
  try {
    const part = Buffer.alloc(Math.min(MOST_BYTES, Math.max(0, fstatSync(descriptor).size - from)));
    return part.subarray(0, readSync(descriptor, part, 0, part.length, from)).toString("utf8");
  } finally {
    closeSync(descriptor);
  }
}
