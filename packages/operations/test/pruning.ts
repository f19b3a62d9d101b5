import type { Json } from "@muster/domain/json.ts";
import { sql } from "drizzle-orm";
import { openContext } from "../src/contexts/open-context.ts";
import { getVersionData } from "../src/contexts/versions/version-queries.ts";
import { writeContext } from "../src/contexts/versions/write-context.ts";
import { newId } from "../src/new-id.ts";
import { CONTENT_INVARIANTS } from "../src/testing/content-invariants.ts";
import { violationsIn } from "./consistency.ts";
import type { Fixture } from "./fixtures.ts";

/** Text that makes patches of a small change worth it. */
const TEXT = "a sentence that stays as it is. ".repeat(30);

/** Data of which another of the same kind is a small patch. */
export function document(value: Json): Json {
  return { value, text: TEXT };
}

/** A context that keeps so many versions (null: what its workspace says), with versions of `document(1)`, `document(2)`, … */
export async function newContext(fixture: Fixture, keep: number | null, versions = 0): Promise<string> {
  const { runtime, admin, projectId, database } = fixture;
  const { id: contextId } = await openContext(runtime, admin, { projectId, name: newId() });
  await database.query(sql`update contexts set keep_versions = ${keep} where id = ${contextId}`);
  for (let value = 1; value <= versions; value++)
    await writeContext(runtime, admin, { contextId, data: document(value) });
  return contextId;
}

/** By number, the data of each version, or the name of the error in its place. */
export async function readAll(fixture: Fixture, contextId: string, count: number): Promise<Map<number, Json | string>> {
  const read = async (number: number) => {
    const keys = [{ contextId, number }];
    const [version] = await getVersionData(fixture.runtime, fixture.admin, keys);
    return version?.data ?? null;
  };
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  return new Map(
    await Promise.all(
      numbers.map(
        async (number) => [number, await read(number).catch((error: Error) => error.name)] as [number, Json | string],
      ),
    ),
  );
}

/** The numbers of the versions that have their data. */
export async function keptVersions(fixture: Fixture, contextId: string): Promise<number[]> {
  const rows = await fixture.database.query<{ number: number }>(
    sql`select number from context_versions where context_id = ${contextId} and pruned_at is null order by number`,
  );
  return rows.map(({ number }) => number);
}

/** What is stored of a context's data, in the order of the versions that have it. */
export async function contentsOf(fixture: Fixture, contextId: string) {
  return fixture.database.query<{ first: number; base: number | null; depth: number; bytes: number }>(sql`
    with first as (
      select k.*, (select min(number) from context_versions v where v.context_id = k.context_id and v.data_hash = k.data_hash) as first
      from context_contents k where k.context_id = ${contextId})
    select f.first, b.first as base, f.depth, octet_length(f.body) as bytes
    from first f left join first b on b.data_hash = f.base_hash order by f.first`);
}

/** What breaks the invariants of stored data; histories that were put in by hand may break others. */
export async function contentViolations(fixture: Fixture): Promise<object[]> {
  const names = new Set(CONTENT_INVARIANTS.map(({ name }) => name));
  return (await violationsIn(fixture.database)).filter(({ invariant }) => names.has(invariant));
}

/** Closes the fixture. Throws when its tests have left stored data that breaks an invariant. */
export async function closeUnbroken(fixture: Fixture): Promise<void> {
  const violations = await contentViolations(fixture);
  await fixture.close();
  if (violations.length > 0) throw new Error(JSON.stringify(violations));
}
