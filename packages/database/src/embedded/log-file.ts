import { copyFileSync, fstatSync, ftruncateSync, openSync, closeSync } from "node:fs";

export interface LogFile {
  /** To be handed to a child process, which can go on writing when we are dead. */
  readonly descriptor: number;
  readonly path: string;
  /** Stops watching the size and closes our descriptor; a child's stays open. */
  close(): void;
}

const MOST_BYTES = 10 * 1024 * 1024;
const CHECK_MS = 10_000;

/**
 * Opens a log for appending and keeps it from growing without bound: beyond `mostBytes` it is copied to `<path>.1` and
 * emptied in place, so that writers with the descriptor never notice. Lines written between copy and emptying are lost.
 */
export function openLogFile(path: string, mostBytes = MOST_BYTES): LogFile {
  const descriptor = openSync(path, "a", 0o600);
  const trim = () => {
    try {
      if (fstatSync(descriptor).size <= mostBytes) return;
      copyFileSync(path, `${path}.1`);
    } catch {
      // A full disk is no reason to stop; the emptying helps.
    }
    ftruncateSync(descriptor, 0);
  };
  trim();
  const timer = setInterval(trim, CHECK_MS).unref();
  return {
    descriptor,
    path,
    close() {
      clearInterval(timer);
      closeSync(descriptor);
    },
  };
}
