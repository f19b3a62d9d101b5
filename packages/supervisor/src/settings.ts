/** Times in milliseconds. */
export interface SupervisorSettings {
  /** The agents' rows are read at least this often; hints only make it sooner. */
  readonly pollMs: number;
  /** The packages are read and registered again this often. */
  readonly scanMs: number;
  /** How often a process that is not our child is looked at. */
  readonly watchMs: number;
  /** How long a process may take to go by itself once it was asked to, and then again after SIGTERM, before SIGKILL. */
  readonly graceMs: number;
  /** The pause before the first restart; it doubles with each quick failure. */
  readonly restartDelayMs: number;
  readonly longestRestartDelayMs: number;
  /** A process that has been up for this long has not failed quickly. */
  readonly stableMs: number;
  /** So many quick failures within `failureWindowMs`, and it is no longer restarted. */
  readonly failureLimit: number;
  readonly failureWindowMs: number;
  /** Largest output file; one older file of at most this size is kept beside it. */
  readonly outputBytes: number;
  /** How often the size of output files is looked at. */
  readonly outputCheckMs: number;
}

export const DEFAULT_SETTINGS: SupervisorSettings = {
  pollMs: 1_000,
  scanMs: 300_000,
  watchMs: 300,
  graceMs: 5_000,
  restartDelayMs: 1_000,
  longestRestartDelayMs: 60_000,
  stableMs: 60_000,
  failureLimit: 5,
  failureWindowMs: 300_000,
  outputBytes: 5 * 1024 * 1024,
  outputCheckMs: 2_000,
};
