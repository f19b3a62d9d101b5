import { setTimeout as sleep } from "node:timers/promises";
import { changeSubject } from "@muster/events/testing/subjects.ts";
import pg from "pg";
import type { Random } from "../random.ts";
import type { Written } from "./written.ts";

export interface SqlWriterOptions {
  readonly url: string;
  /** The project's UUID. */
  readonly projectId: string;
  readonly subjects: readonly string[];
  readonly random: Random;
  readonly written: Written;
  /** The mean pause between two transactions. */
  readonly pauseMs: number;
  /** Some transactions of several statements stay open for up to so long. */
  readonly openMs: number;
  readonly signal: AbortSignal;
}

const PADDING = "x".repeat(1_000);

/** Appends to the log past the servers, in transactions of which some are long and some are rolled back. */
export async function writeThroughSql(options: SqlWriterOptions): Promise<void> {
  const { random, signal } = options;
  let client: pg.Client | null = null;
  while (!signal.aborted) {
    try {
      client ??= await openClient(options.url);
      await writeOnce(client, options);
    } catch {
      // It may have been committed, or not.
      options.written.unknown += 1;
      await client?.end().catch(() => {});
      client = null;
      await sleep(100);
    }
    await sleep(random.next() * 2 * options.pauseMs);
  }
  await client?.end().catch(() => {});
}

async function writeOnce(client: pg.Client, { random, subjects, projectId, written, openMs }: SqlWriterOptions) {
  const reason = written.mark();
  const raise = (id: string) =>
    client.query({
      name: changeSubject.name,
      text: changeSubject.text,
      values: [id, projectId, reason, { padding: PADDING }],
    });
  if (random.next() < 0.5) {
    await raise(random.pick(subjects));
  } else {
    await client.query("begin");
    // In one order, so that no two wait for each other.
    for (const id of [random.pick(subjects), random.pick(subjects), random.pick(subjects)].sort()) {
      await raise(id);
      await sleep(random.next() < 0.02 ? openMs : random.next() * 10);
    }
    const back = random.next() < 0.2;
    await client.query(back ? "rollback" : "commit");
    if (back) {
      written.rolledBack.add(reason);
      return;
    }
  }
  written.acknowledged.add(reason);
}

async function openClient(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "soak writer",
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    idle_in_transaction_session_timeout: 60_000,
  });
  client.on("error", () => {});
  await client.connect();
  return client;
}
