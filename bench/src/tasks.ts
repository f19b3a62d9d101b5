import { withBenchDatabase } from "./bench-database.ts";
import { allowConcurrency, createFleet } from "./fleet.ts";
import type { Figure } from "./report.ts";
import { fillTable, LARGE } from "./tasks/large-table.ts";
import { BATCHED_AGENTS, BATCHED_CONCURRENCY } from "./tasks/muster.ts";
import { type Measurement, ratesOf } from "./tasks/rates.ts";
import { assignmentsOverSdk } from "./tasks/sdk.ts";

const ROUNDS = 3;
const BATCHED = { workload: "batched", warmUp: 4_000, tasks: 20_000 } as const;
const SINGLE = { workload: "single", warmUp: 1_000, tasks: 10_000 } as const;
const OURS: readonly Measurement[] = [
  { contestant: "muster", ...BATCHED },
  { contestant: "muster", ...SINGLE },
];
const PEERS: readonly Measurement[] = [
  { contestant: "graphile-worker", ...BATCHED },
  { contestant: "graphile-worker", ...SINGLE },
  // So few because it is slow.
  { contestant: "pg-boss", workload: "single", warmUp: 500, tasks: 4_000 },
];

/** Tasks from their creation to their end: beside graphile-worker and pg-boss, over the SDK, and with a large table. */
export async function run(): Promise<Figure[]> {
  return withBenchDatabase(async (url) => {
    await createFleet(url);
    await allowConcurrency(
      url,
      Array.from({ length: BATCHED_AGENTS }, (_, number) => number + 1),
      BATCHED_CONCURRENCY,
    );
    // First: what the others write without a server, its audit log would have to catch up with meanwhile.
    const sdk = await assignmentsOverSdk(url);
    const [batched = 0, single = 0, graphileBatched = 0, graphileSingle = 0, pgBossSingle = 0] = await ratesOf(
      url,
      [...OURS, ...PEERS],
      ROUNDS,
    );
    await fillTable(url, LARGE);
    const [largeBatched = 0, largeSingle = 0] = await ratesOf(url, OURS, ROUNDS);
    const rate = (name: string, value: number): Figure => ({
      name: `tasks.${name}.per_second`,
      value,
      unit: "tasks/s",
    });
    const ratio = (name: string, value: number): Figure => ({ name: `tasks.${name}`, value, unit: "ratio" });
    return [
      rate("batched", batched),
      rate("batched.graphile_worker", graphileBatched),
      ratio("batched.ratio_to_graphile_worker", batched / graphileBatched),
      rate("single", single),
      rate("single.graphile_worker", graphileSingle),
      rate("single.pg_boss", pgBossSingle),
      ratio("single.ratio_to_graphile_worker", single / graphileSingle),
      ratio("single.ratio_to_pg_boss", single / pgBossSingle),
      ...sdk,
      rate("large_table.batched", largeBatched),
      rate("large_table.single", largeSingle),
      ratio("large_table.ratio_to_small", Math.min(largeBatched / batched, largeSingle / single)),
    ];
  });
}
