import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "@muster/database/database.ts";
import { stopEmbeddedPostgres } from "@muster/database/embedded/start-embedded-postgres.ts";
import { statement } from "@muster/database/statement.ts";

const OTHERS = statement<{ others: boolean }>(
  `select exists (select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
    and application_name like 'muster%') as others`,
);

/** The server itself forgets connections a moment after they were closed. */
const CLOSED_MS = 2_000;

/**
 * Stops the embedded Postgres whose launcher has died, unless another server is connected to it: that one has yet to stop, and
 * then does it. To be called when this server has closed its own connections.
 */
export async function stopLeftPostgres(url: string, embeddedDataDir: string): Promise<void> {
  const database = openDatabase({ url, connections: 1, applicationName: "last server" });
  const deadline = performance.now() + CLOSED_MS;
  let others = true;
  while (others && performance.now() < deadline) {
    // One that does not answer is of no use to others either.
    const [found] = await database.run(OTHERS, []).catch(() => []);
    others = found?.others ?? false;
    if (others) await sleep(50);
  }
  await database.close();
  if (!others) await stopEmbeddedPostgres(embeddedDataDir);
}
