import pg from "pg";
import { type Figure, say } from "../report.ts";
import { type History, timed } from "./history.ts";
import { p99 } from "./in-turns.ts";
import { below, randomNumbers } from "./prose.ts";

/** What versions take: their tables with indexes and what is stored out of line. */
const OURS = [
  "contexts",
  "context_versions",
  "context_contents",
  "context_readers",
  "context_pins",
  // Each version of an agent's own context is a change of the agent.
  "agent_bundles",
  "agent_bundle_heads",
];
/** The peer: the whole data of each version in a jsonb column, and nothing else of what a version is. */
const THEIRS = `create table snapshots (
  context_id uuid, number int, data jsonb not null, created_at timestamptz not null default clock_timestamp(), primary key (context_id, number))`;

/**
 * Writes so many versions of a history, and each also as a snapshot in jsonb, both from an empty start, and compares what they take by
 * `pg_total_relation_size`. The log of events, which only we have, is told beside.
 */
export async function besideSnapshots(url: string, history: History, versions: number): Promise<Figure[]> {
  const peer = new pg.Client({ connectionString: url });
  await peer.connect();
  try {
    await peer.query(THEIRS);
    const [ourEmpty, theirEmpty] = [await bytesOfContexts(peer), await bytesOf(peer, ["snapshots"])];
    const emptyLog = await bytesOfLog(peer);
    const id = crypto.randomUUID();
    const writes: number[] = [];
    for (let number = 1; number <= versions; number += 1) {
      await history.write();
      const insert = {
        name: "insert",
        text: "insert into snapshots values ($1, $2, $3)",
        values: [id, number, history.text],
      };
      writes.push(await timed(() => peer.query(insert)));
    }
    const [ours, theirs] = [
      (await bytesOfContexts(peer)) - ourEmpty,
      (await bytesOf(peer, ["snapshots"])) - theirEmpty,
    ];
    const log = (await bytesOfLog(peer)) - emptyLog;
    say(
      `${versions} versions of ${history.text.length} characters: ${kib(ours)}; as snapshots in jsonb ${kib(theirs)}; their events in the log ${kib(log)}`,
    );
    const random = randomNumbers(versions);
    const reads: number[] = [];
    for (let read = 0; read < versions; read += 1) {
      const number = 1 + below(random, versions);
      const select = { name: "select", text: "select data from snapshots where context_id = $1 and number = $2" };
      reads.push(await timed(() => peer.query({ ...select, values: [id, number] })));
    }
    return [
      { name: "contexts.storage.ratio_to_snapshots", value: ours / theirs, unit: "ratio" },
      p99("read.snapshots", reads),
      p99("write.snapshots", writes),
    ];
  } finally {
    await peer.end();
  }
}

const kib = (bytes: number) => `${(bytes / 1_024).toFixed(0)} KiB`;

/** What the versions of all contexts take now. */
export function bytesOfContexts(client: pg.Client): Promise<number> {
  return bytesOf(client, OURS);
}

async function bytesOf(client: pg.Client, tables: readonly string[]): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(
    "select sum(pg_total_relation_size(name::regclass)) as bytes from unnest($1::text[]) as name",
    [tables],
  );
  return Number(rows[0]?.bytes);
}

async function bytesOfLog(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(
    "select sum(pg_total_relation_size(relid)) as bytes from pg_partition_tree('events')",
  );
  return Number(rows[0]?.bytes);
}
