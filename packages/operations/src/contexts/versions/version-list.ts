import type { VersionTampered } from "@muster/domain/errors.ts";
import { statement } from "@muster/database/statement.ts";
import { ACTOR_KINDS, type Caller } from "@muster/domain/actor.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { authorize } from "../../authorize.ts";
import { time } from "../../events/event-filter.ts";
import { parseInput, text } from "../../input.ts";
import { type CountedPage, PARENT, readPages } from "../../page-query.ts";
import type { Runtime } from "../../runtime.ts";
import { contextScopeOf, inContextScope, withinContextScope } from "../context-scope.ts";
import { orTampered } from "./or-tampered.ts";
import { VERSION_COLUMNS } from "./version-queries.ts";
import { type ContextVersion, verifyVersion } from "./version-row.ts";

const Filter = z.object({
  /** A rollback skipped them and nobody has released them. */
  heldOnly: z.boolean().nullish(),
  /** Written by one of these agents or API keys. */
  authors: z.array(z.uuid()).max(1_000).nullish(),
  authorKinds: z.array(z.enum(ACTOR_KINDS)).nullish(),
  /** Part of the message, in any case. */
  search: text(200, 0).nullish(),
  /** Later than this. */
  createdAfter: time.nullish(),
  /** Earlier than this. */
  createdBefore: time.nullish(),
  rollbacksOnly: z.boolean().nullish(),
  pinnedOnly: z.boolean().nullish(),
});

/** Which versions: all conditions have to hold. An empty list matches nothing; what is null or missing does not count. */
export type VersionFilter = z.input<typeof Filter>;

/**
 * A page of the versions of each context that match, the newest first. The error of a version that was tampered with is in the
 * place of its context's page. Throws `InvalidInput`.
 */
export async function listVersions(
  runtime: Runtime,
  caller: Caller,
  contextIds: readonly string[],
  filter: VersionFilter,
  page: PageArguments,
): Promise<ReadonlyMap<string, CountedPage<ContextVersion> | VersionTampered>> {
  caller = authorize(caller, "context.read");
  const found = await readPages<ContextVersion>(
    runtime.database,
    {
      columns: sql.raw(VERSION_COLUMNS),
      from: sql`contexts c join context_versions v on v.context_id = c.id`,
      where: [sql`v.context_id = ${PARENT}`, withinContextScope(caller, "c"), ...matching(parseInput(Filter, filter))],
      orderBy: [{ expression: sql`v.number`, type: "integer" }],
      direction: "DESC",
    },
    contextIds,
    page,
  );
  return new Map(
    [...found].map(([contextId, versions]) => [
      contextId,
      orTampered(() => {
        for (const { node } of versions.edges) verifyVersion(node);
        return versions;
      }),
    ]),
  );
}

function matching(filter: z.output<typeof Filter>): SQL[] {
  const where: SQL[] = [];
  if (filter.heldOnly) where.push(sql`v.held_since is not null`);
  if (filter.rollbacksOnly) where.push(sql`v.rolled_back_to is not null`);
  if (filter.pinnedOnly) {
    where.push(
      sql`exists (select from context_pins pin where pin.context_id = v.context_id and pin.number = v.number)`,
    );
  }
  if (filter.authors) where.push(sql`v.author ->> 'id' = any(${sql.param(filter.authors)}::text[])`);
  if (filter.authorKinds) where.push(sql`v.author ->> 'kind' = any(${sql.param(filter.authorKinds)}::text[])`);
  if (filter.search) where.push(sql`strpos(lower(v.message), lower(${filter.search})) > 0`);
  if (filter.createdAfter) where.push(sql`v.created_at > ${filter.createdAfter.toISOString()}::timestamptz`);
  if (filter.createdBefore) where.push(sql`v.created_at < ${filter.createdBefore.toISOString()}::timestamptz`);
  return where;
}

/** A time is the millisecond that it names, to its end: as times are shown, a version is there at its own `createdAt`. */
const versionsAtTime = statement<ContextVersion>(`
  select ${VERSION_COLUMNS} from contexts c cross join lateral (
    select v.* from context_versions v
    where v.context_id = c.id and v.created_at < $2::timestamptz + interval '1 millisecond'
    order by v.created_at desc, v.number desc limit 1) v
  where c.id = any($1::uuid[]) and ${inContextScope("c", 3)}`);

/**
 * What was the newest version of each context at a time (a whole millisecond), by the context's id; none where there was none yet.
 * The error of one that was tampered with is in its place. Throws `InvalidInput` for a time that no calendar has.
 */
export async function versionsAt(
  runtime: Runtime,
  caller: Caller,
  contextIds: readonly string[],
  asked: Date,
): Promise<ReadonlyMap<string, ContextVersion | VersionTampered>> {
  caller = authorize(caller, "context.read");
  const { at } = parseInput(z.object({ at: time }), { at: asked });
  const values = [contextIds, at.toISOString(), ...contextScopeOf(caller)];
  const found = await runtime.database.run(versionsAtTime, values);
  return new Map(found.map((version) => [version.contextId, orTampered(() => verifyVersion(version))]));
}
