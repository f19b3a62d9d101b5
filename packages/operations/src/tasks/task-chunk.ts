import type { Json } from "@muster/domain/json.ts";

/** A piece of partial output. */
export interface TaskChunk {
  /** Rises with each chunk of the task. */
  readonly number: number;
  readonly attempt: number;
  readonly chunk: Json;
  readonly at: Date;
}

/** The select list that turns the row `alias` of `task_chunks` into a `TaskChunk`. */
export function chunkColumns(alias: string): string {
  return `${alias}.number::int as number, ${alias}.attempt, ${alias}.chunk, ${alias}.at`;
}

/** How many chunks a task may stream in all its attempts, and how large each may be, in bytes of JSON. */
export const MAX_CHUNKS = 10_000;
export const MAX_CHUNK_BYTES = 65_536;
