import { openDatabase } from "@muster/database/database.ts";
import { DEFAULT_SETTINGS } from "@muster/operations/settings.ts";
import pg from "pg";
import { withBenchDatabase } from "./bench-database.ts";
import { History } from "./contexts/history.ts";
import { inTurns, p99, worstRatio } from "./contexts/in-turns.ts";
import { sayOtherSizes } from "./contexts/other-sizes.ts";
import { overHttp } from "./contexts/over-http.ts";
import { rollBackInTurns } from "./contexts/rollbacks.ts";
import { besideSnapshots } from "./contexts/snapshots.ts";
import { agentUuid, createFleet } from "./fleet.ts";
import type { Figure } from "./report.ts";
import { startServerProcess } from "./server-process.ts";

const DOCUMENT_BYTES = 100_000;
const SHORT = 1_000;
const LONG = 10_000;
const TIMES = 1_000;

/**
 * The versions of a document of 100 KB: what they take beside whole snapshots in jsonb, how long it takes to write one, to read any, to
 * compare any two and to roll back with an agent that has to confirm it, and whether a history of 10,000 is as fast as one of 1,000.
 */
export async function run(): Promise<Figure[]> {
  return withBenchDatabase(async (url) => {
    await createFleet(url);
    const database = openDatabase({ url });
    const runtime = { database, settings: DEFAULT_SETTINGS, committed: () => {} };
    const open = (name: string, seed: number, { bytes = DOCUMENT_BYTES, own = false } = {}) =>
      History.open(runtime, { name, seed, bytes, ...(own ? { agentId: agentUuid(2) } : {}) });
    try {
      await (await open("warm-up", 1)).fill(200);
      await analyze(url);
      const storage = await besideSnapshots(url, await open("alone", 2, { own: true }), SHORT);
      await sayOtherSizes(url, [
        await open("small", 5, { bytes: 1_000 }),
        await open("large", 6, { bytes: 1_000_000 }),
      ]);
      const [short, long] = [await open("short", 3), await open("long", 4)];
      await long.fill(LONG - SHORT);
      const write = await inTurns(
        SHORT,
        () => short.write(),
        () => long.write(),
      );
      const read = await inTurns(
        TIMES,
        () => short.read(),
        () => long.read(),
      );
      const diff = await inTurns(
        TIMES / 2,
        () => short.compare(),
        () => long.compare(),
      );
      const server = await startServerProcess(url);
      try {
        const rollback = await rollBackInTurns(server, short, long);
        const pairs = { read, write, rollback, diff };
        return [
          ...storage,
          ...Object.entries(pairs).map(([name, pair]) => p99(name, pair.short)),
          { name: "contexts.long_history.ratio_to_short", value: worstRatio(pairs), unit: "ratio" },
          ...(await overHttp(server, short)),
        ];
      } finally {
        await server.stop();
      }
    } finally {
      await database.close();
    }
  });
}

/** As the database does by itself, but at once: what it believes of the tables so far is that they are empty. */
async function analyze(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("vacuum analyze");
  await client.end();
}
