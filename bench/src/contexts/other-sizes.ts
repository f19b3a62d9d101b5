import pg from "pg";
import { percentile } from "../median.ts";
import { say } from "../report.ts";
import type { History } from "./history.ts";
import { bytesOfContexts } from "./snapshots.ts";

const VERSIONS = 110;
const TIMES = 50;

/** Says what versions of other documents take and how long they take: the figures are those of the document of 100 KB. */
export async function sayOtherSizes(url: string, histories: readonly History[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const history of histories) {
      const before = await bytesOfContexts(client);
      const writes = await several(VERSIONS, () => history.write());
      const bytes = (await bytesOfContexts(client)) - before;
      const reads = await several(TIMES, () => history.read());
      const diffs = await several(TIMES, () => history.compare());
      say(
        `a document of ${history.text.length} characters: ${(bytes / VERSIONS / 1_024).toFixed(2)} KiB a version; ` +
          `write ${times(writes)}, read ${times(reads)}, diff ${times(diffs)}`,
      );
    }
  } finally {
    await client.end();
  }
}

async function several(count: number, work: () => Promise<number>): Promise<number[]> {
  const measured: number[] = [];
  while (measured.length < count) measured.push(await work());
  return measured;
}

function times(measured: readonly number[]): string {
  return `p50 ${percentile(measured, 0.5).toFixed(1)} ms, p99 ${percentile(measured, 0.99).toFixed(1)} ms`;
}
