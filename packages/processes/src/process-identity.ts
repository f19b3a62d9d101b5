import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * When the process began, as text to compare with: together with the pid it names one process for good, because pids are
 * used again. Null when there is no such process, or when it has ended and only waits to be collected (a zombie).
 */
export function processStart(pid: number): string | null {
  if (process.platform !== "linux") return startFromPs(pid);
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, ticks] = [fields[0], fields[19]];
    // Ticks count from the machine's start, so they are worth nothing without it.
    return state === "Z" || state === "X" || ticks === undefined ? null : `${bootId()}/${ticks}`;
  } catch {
    return null;
  }
}

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

/** The arguments the process was started with, its program first; empty when there is no such process. */
export function commandLine(pid: number): readonly string[] {
  if (process.platform !== "linux") return ps(pid, "command=").trim().split(/\s+/);
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}

function startFromPs(pid: number): string | null {
  const [state, ...start] = ps(pid, "state=,lstart=").trim().split(/\s+/);
  return !state || state.startsWith("Z") ? null : start.join(" ");
}

function ps(pid: number, columns: string): string {
  return spawnSync("ps", ["-ww", "-o", columns, "-p", String(pid)], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
  }).stdout;
}
