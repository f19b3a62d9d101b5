import { createWriteStream } from "node:fs";
import { access, mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createGzip } from "node:zlib";
import { sql } from "drizzle-orm";
import type { RetentionSession } from "./retention-session.ts";

const PAGE = 1_000;

/**
 * Writes the events of a table to `<folder>/events-<first id>-<last id>.ndjson.gz`: one line for each, in the order of their
 * ids, a JSON object by the names of the columns, as `jsonb_populate_record(null::events, line)` reads it. When it resolves, the file
 * is whole and on disk; a file that is there already is never touched. Gives its path, or null when there was nothing to write.
 */
export async function archiveEvents(session: RetentionSession, table: string, folder: string): Promise<string | null> {
  const [range] = await session.query<{ first: string | null; last: string }>(
    sql`select min(id)::text as first, max(id)::text as last from ${sql.raw(table)}`,
  );
  if (!range || range.first === null) return null;
  await mkdir(folder, { recursive: true });
  const unfinished = join(folder, `${table}.unfinished`);
  try {
    await pipeline(
      Readable.from(linesOf(session, table)),
      createGzip(),
      createWriteStream(unfinished, { flush: true, mode: 0o600 }),
      { signal: session.signal },
    );
    const path = await freePath(join(folder, `events-${range.first}-${range.last}`));
    await rename(unfinished, path);
    await flushFolder(folder);
    return path;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function* linesOf(session: RetentionSession, table: string): AsyncGenerator<string> {
  let last = "-1";
  while (true) {
    const begun = performance.now();
    const rows = await session.query<{ id: string; line: string }>(
      sql`select e.id::text as id, to_json(e)::text as line from ${sql.raw(table)} e where e.id > ${last}::bigint order by e.id limit ${sql.raw(`${PAGE}`)}`,
    );
    if (rows.length === 0) return;
    yield rows.map((row) => `${row.line}\n`).join("");
    last = rows.at(-1)?.id ?? last;
    // The process has live feeds to serve.
    await sleep(performance.now() - begun, undefined, { signal: session.signal });
  }
}

/** Another archive of the same events may be there, of a removal that did not come to its end. */
async function freePath(name: string): Promise<string> {
  for (let copy = 1; ; copy += 1) {
    const path = `${name}${copy === 1 ? "" : `.${copy}`}.ndjson.gz`;
    const taken = await access(path).then(
      () => true,
      () => false,
    );
    if (!taken) return path;
  }
}

/** A new name is on disk only when its folder is. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
