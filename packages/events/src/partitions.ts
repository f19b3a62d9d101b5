import type { Database } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { recordWatermark } from "./watermark.ts";

const EVERY_MS = 5_000;
/** So many whole partitions are kept ready for events to come. */
const AHEAD = 2;
const PARTITION_SIZE = 5_000_000;

const createPartitions = statement<{ added: number }>("select create_event_partitions($1, $2) as added");

/**
 * Keeps partitions ready for the events to come, and records how far old ones need not be read. Returns a function that
 * stops it, once what runs has ended. Any number of processes may do it at once.
 */
export function keepPartitions(database: Database, onError: (error: Error) => void): () => Promise<void> {
  let running = Promise.resolve();
  const keep = () => {
    running = running
      .then(async () => {
        await database.run(createPartitions, [AHEAD, PARTITION_SIZE]);
        await recordWatermark(database);
      })
      .catch(onError);
  };
  keep();
  const timer = setInterval(keep, EVERY_MS);
  return () => {
    clearInterval(timer);
    return running;
  };
}
