import { processStart } from "@muster/processes/process-identity.ts";

/** Signals every process of the group; one that has ended is no error. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    // ESRCH: the group has ended. EPERM: on macOS, all that is left of it are zombies.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

/**
 * Kills what a leader that has just ended left behind in its group. A group's number is not given to another process while
 * the group has members; a process that has it therefore means that the group is empty, and is somebody else's.
 */
export function killRemains(leader: number): void {
  if (processStart(leader) === null) signalGroup(leader, "SIGKILL");
}
