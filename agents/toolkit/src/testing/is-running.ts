import { readFileSync } from "node:fs";

/** For tests: whether a process runs. A zombie does not: its parent just has not asked for its exit code yet. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true; // a system without /proc
  }
}
