/** Something that runs tasks in this process, opened once and measured several times. */
export interface Workload {
  /** Runs so many tasks and gives the milliseconds that it took. */
  run(tasks: number): Promise<number>;
  close(): Promise<void>;
}

/**
 * What is measured. `batched`: the whole life, from the first create to the last completion that is committed; created in calls
 * of `CREATED_AT_ONCE`, and run as they come. `single`: `WORKERS` workers each take, start and complete one task at a time; all are
 * queued before.
 */
export type WorkloadName = "batched" | "single";

const CREATED_AT_ONCE = 1_000;
export const WORKERS = 24;

/** The same work on all sides: so many parts, one after the other. */
export async function inParts(tasks: number, create: (count: number) => Promise<unknown>): Promise<void> {
  for (let left = tasks; left > 0; left -= CREATED_AT_ONCE) await create(Math.min(left, CREATED_AT_ONCE));
}
