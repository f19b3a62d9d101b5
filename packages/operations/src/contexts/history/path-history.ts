import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput, VersionTampered } from "@muster/domain/errors.ts";
import { valueAt } from "@muster/domain/json-pointer.ts";
import type { Json } from "@muster/domain/json.ts";
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from "@muster/domain/page.ts";
import { z } from "zod";
import { authorize } from "../../authorize.ts";
import { parseInput } from "../../input.ts";
import type { Runtime } from "../../runtime.ts";
import { callingAgent, contextScopeOf, inContextScope } from "../context-scope.ts";
import { PathSearch } from "./path-search.ts";
import type { FoundChange, WalkedVersion, WalkPosition } from "./path-walk.ts";
import { recordReader } from "../record-reader.ts";
import { takeTurns, type Turns } from "./turns.ts";
import { getEachVersion, tokensOf } from "../versions/version-queries.ts";
import type { ContextVersion } from "../versions/version-row.ts";
import { contentByHash, type DataKey, walkContents } from "./walk-contents.ts";

/** When, and by whom, the value at a path was changed. */
export interface PathChange extends Omit<FoundChange, "version" | "previous"> {
  readonly version: ContextVersion;
}

/** A part of a path's history, the newest change first. */
export interface PathChanges {
  readonly changes: readonly PathChange[];
  /** Where the history goes on; null: it does not. */
  readonly endCursor: string | null;
  /** How many versions were looked at. */
  readonly examined: number;
}

const Page = z.object({
  first: z.number().int().min(1).max(MAX_PAGE_SIZE, `must be from 1 to ${MAX_PAGE_SIZE}.`).nullish(),
  after: z.string().max(100).nullish(),
});
export interface PathHistoryInput extends z.input<typeof Page> {
  readonly pointer: string;
}

/**
 * When the value that a JSON Pointer (RFC 6901) names has changed, in each of the contexts: with what it was and what it became,
 * from data that was checked against its hash. The pointer is taken literally: in a list it names a position, whatever stands there.
 * A page looks at so many versions only: one may be empty, and yet another follow.
 *
 * What versions had there whose data retention has removed is not known: a change is then told of the first one that is there, unless
 * it has again what was there before them. `VersionTampered` is in the place of a context where a version that is needed is not
 * what was written. Read with an agent's own credentials, that agent counts as a user of the context from now on.
 */
export async function listPathChanges(
  runtime: Runtime,
  caller: Caller,
  contextIds: readonly string[],
  { pointer, ...page }: PathHistoryInput,
): Promise<ReadonlyMap<string, PathChanges | VersionTampered>> {
  caller = authorize(caller, "context.read");
  const tokens = tokensOf(pointer);
  const { first, after } = parseInput(Page, page);
  const begin = after ? decodeCursor(after) : { newer: 2_147_483_647, next: 2_147_483_646 };
  for (;;) {
    const searches = contextIds.map((id) => new PathSearch(id, tokens, begin, first ?? DEFAULT_PAGE_SIZE));
    if (await search(runtime, caller, searches, tokens)) return pagesOf(runtime, caller, searches);
  }
}

/** Versions in falling order, up to 500 and some 4 MB of patches: those of snapshots are not read. */
const walkedVersions = statement<WalkedVersion>(`
  select s.context_id as "contextId", s.number, s.data_hash as "dataHash", s.pruned, s.base_hash as "baseHash", s.patch
  from unnest($1::uuid[], $2::int[], $3::int[]) as wanted(context_id, newer, next)
  join contexts c on c.id = wanted.context_id and ${inContextScope("c", 4)}
  cross join lateral (
    select v.context_id, v.number, v.data_hash, v.pruned_at is not null as pruned, k.base_hash, k.patch,
      sum(coalesce(octet_length(k.patch), 0)) over (order by v.number desc) - coalesce(octet_length(k.patch), 0) as before
    from (
      (select * from context_versions v where v.context_id = c.id and v.number = wanted.newer)
      union all
      (select * from context_versions v where v.context_id = c.id and v.number <= wanted.next order by v.number desc limit 500)
    ) v
    left join ${contentByHash("v.context_id", "v.data_hash", "k.base_hash, case when k.base_hash is not null then k.body end as patch")} k on true
  ) s
  where s.before < 4194304
  order by s.context_id, s.number desc`);

/** False when retention has removed meanwhile what was needed: then it is to be done anew, and will see so. */
async function search(
  runtime: Runtime,
  caller: Caller,
  searches: readonly PathSearch[],
  tokens: readonly string[],
): Promise<boolean> {
  const turns = takeTurns();
  for (;;) {
    const reading = searches.flatMap((one) => {
      const wanted = one.wantsVersions();
      return wanted ? [{ one, ...wanted }] : [];
    });
    if (reading.length > 0) {
      const values = [
        reading.map(({ one }) => one.contextId),
        reading.map((each) => each.newer),
        reading.map((each) => each.next),
      ];
      const rows = await runtime.database.run(walkedVersions, [...values, ...contextScopeOf(caller)]);
      const found = Map.groupBy(rows, (row) => row.contextId);
      for (const { one } of reading) one.takeVersions(found.get(one.contextId) ?? []);
      await turns.next();
    }
    const checking = searches.filter((one) => one.wantsData().length > 0);
    if (checking.length > 0 && !(await takeValues(runtime, caller, checking, tokens, turns))) return false;
    if (reading.length === 0 && checking.length === 0) return true;
  }
}

/** Reads what the searches want. False as above. */
async function takeValues(
  runtime: Runtime,
  caller: Caller,
  searches: readonly PathSearch[],
  tokens: readonly string[],
  turns: Turns,
): Promise<boolean> {
  const wanted = searches.flatMap((one) =>
    one.wantsData().flatMap(({ newer, older }) => (older === null ? [newer] : [newer, older])),
  );
  const values = new Map<string, Json | undefined>();
  const visit = (key: DataKey, found: { readonly data: Json } | null) => {
    if (found) values.set(keyOf(key), structuredClone(valueAt(found.data, tokens)));
  };
  const bytes = await walkContents(runtime.database, caller, wanted, visit, turns);
  const missing = wanted.filter((version) => !values.has(keyOf(version)));
  const errors = new Map<string, VersionTampered>();
  for (const version of missing.length > 0 ? await getEachVersion(runtime, caller, missing) : []) {
    if (!(version instanceof Error) && version.prunedAt !== null) return false;
    const { contextId, number } = version;
    const error = version instanceof Error ? version : new VersionTampered(contextId, number, "data");
    errors.set(`${contextId}@${number}`, error);
  }
  const found = {
    valueOf: (version: WalkedVersion) => values.get(keyOf(version)),
    errorOf: ({ contextId, number }: WalkedVersion) => errors.get(`${contextId}@${number}`) ?? null,
  };
  for (const one of searches) one.takeValues(found, bytes);
  return true;
}

function keyOf({ contextId, dataHash }: DataKey): string {
  return `${contextId}@${dataHash}`;
}

/** With the records of the versions that are answered, checked like those whose values are told with them. */
async function pagesOf(
  runtime: Runtime,
  caller: Caller,
  searches: readonly PathSearch[],
): Promise<ReadonlyMap<string, PathChanges | VersionTampered>> {
  const shown = searches.flatMap((one) =>
    one.changes.flatMap(({ version, previous }) => (previous === null ? [version] : [version, previous])),
  );
  const records = new Map<string, ContextVersion>();
  for (const version of shown.length > 0 ? await getEachVersion(runtime, caller, shown) : []) {
    if (version instanceof Error)
      for (const one of searches) if (one.contextId === version.contextId) one.error ??= version;
    if (!(version instanceof Error)) records.set(`${version.contextId}@${version.number}`, version);
  }
  const agentId = callingAgent(caller);
  if (agentId !== null) await recordReader(runtime.database, agentId, shown);
  return new Map(searches.map((one) => [one.contextId, one.error ?? pageOf(one, records)]));
}

function pageOf(one: PathSearch, records: ReadonlyMap<string, ContextVersion>): PathChanges {
  const changes = one.changes.map(({ version, previous: _previous, ...change }): PathChange => {
    const record = records.get(`${version.contextId}@${version.number}`);
    if (!record) throw new VersionTampered(version.contextId, version.number, "record");
    return { ...change, version: record };
  });
  return { changes, endCursor: one.end && encodeCursor(one.end), examined: one.examined };
}

function encodeCursor({ newer, next }: WalkPosition): string {
  return Buffer.from(JSON.stringify([newer, next])).toString("base64url");
}

/** Throws `InvalidInput` for what is no cursor of such a history. */
function decodeCursor(cursor: string): WalkPosition {
  const match = /^\[(\d{1,9}),(\d{1,9})\]$/.exec(Buffer.from(cursor, "base64url").toString());
  const [newer, next] = [Number(match?.[1]), Number(match?.[2])];
  if (!(next < newer)) {
    throw new InvalidInput([{ path: ["after"], message: "is not a cursor of this history. Start again without it." }]);
  }
  return { newer, next };
}
