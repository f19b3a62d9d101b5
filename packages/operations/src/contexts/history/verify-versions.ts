import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { Runtime } from "../../runtime.ts";
import { contextScopeOf, inContextScope } from "../context-scope.ts";
import type { Turns } from "./turns.ts";
import type { Findings } from "./verification-findings.ts";
import { hashOfVersion } from "../versions/version-hash.ts";
import { getEachVersion, VERSION_COLUMNS } from "../versions/version-queries.ts";
import type { ContextVersion } from "../versions/version-row.ts";
import { contentByHash, walkContents } from "./walk-contents.ts";

/** So many bytes of stored data at a time, but always one version. */
const BYTES_AT_ONCE = 8 * 1_048_576;

interface Row extends ContextVersion {
  /** null: there is none. */
  readonly storedBytes: number | null;
  /** Retention has judged the versions up to this one. */
  readonly prunedThrough: number;
}

const nextVersions = statement<Row>(`
  select ${VERSION_COLUMNS}, octet_length(k.body) as "storedBytes", c.pruned_through as "prunedThrough"
  from contexts c
  join context_versions v on v.context_id = c.id and v.number > $5 and v.number <= $6
  left join ${contentByHash("v.context_id", "v.data_hash", "k.body")} k on true
  where c.id = $1 and ${inContextScope("c", 2)}
  order by v.number limit 500`);

export interface VersionCounts {
  readonly versions: number;
  readonly readable: number;
  readonly pruned: number;
}

/** Checks the records and the data of all versions up to a number, and that none is missing. Each patch is applied about once. */
export async function verifyVersions(
  runtime: Runtime,
  caller: Caller,
  contextId: string,
  last: number,
  findings: Findings,
  turns: Turns,
): Promise<VersionCounts> {
  const counts = { versions: 0, readable: 0, pruned: 0 };
  const missing = (from: number, to: number) =>
    findings.addRange(
      from,
      to,
      "MISSING",
      (number) => `There is no version ${number} any more: its row was removed from the database.`,
    );
  let previous = 0;
  for (let after = -2_147_483_648; ;) {
    const rows = await runtime.database.run(nextVersions, [contextId, ...contextScopeOf(caller), after, last]);
    const batch = upTo(BYTES_AT_ONCE, rows);
    for (const version of batch) {
      missing(previous + 1, version.number - 1);
      verifyRecord(version, findings);
      previous = version.number;
    }
    const found = await verifyData(runtime, caller, batch, findings, turns);
    counts.versions += batch.length;
    counts.readable += found.readable;
    counts.pruned += found.pruned;
    const newest = batch.at(-1);
    if (!newest) break;
    after = newest.number;
  }
  missing(previous + 1, last);
  return counts;
}

function upTo(bytes: number, rows: readonly Row[]): Row[] {
  let sum = 0;
  return rows.filter((row, at) => (sum += row.storedBytes ?? 0) <= bytes || at === 0);
}

function verifyRecord(version: ContextVersion, findings: Findings): void {
  const { number, parent } = version;
  if (number < 1 || parent !== (number === 1 ? null : number - 1)) {
    findings.add(number, "RECORD", `Version ${number} names ${parent ?? "none"} as the version before it.`);
  } else if (hashOfVersion(version) !== version.hash) {
    findings.add(
      number,
      "RECORD",
      `The record of version ${number} does not match its hash: it, or the hash of the version before it, was changed in the database.`,
    );
  }
}

async function verifyData(
  runtime: Runtime,
  caller: Caller,
  batch: readonly Row[],
  findings: Findings,
  turns: Turns,
): Promise<{ readonly readable: number; readonly pruned: number }> {
  const pruned = batch.filter((version) => version.prunedAt !== null);
  for (const { number, prunedThrough } of pruned) {
    if (number > prunedThrough)
      findings.add(number, "DATA", `The data of version ${number} is gone, and retention did not remove it.`);
  }
  const kept = batch.filter((version) => version.prunedAt === null);
  const sizes = new Map<string, number>();
  await walkContents(
    runtime.database,
    caller,
    kept,
    ({ dataHash }, found) => {
      if (found) sizes.set(dataHash, found.sizeBytes);
    },
    turns,
  );
  const lost = kept.filter(({ dataHash }) => !sizes.has(dataHash));
  const gone = await prunedMeanwhile(runtime, caller, lost);
  for (const { number } of lost) {
    if (!gone.has(number))
      findings.add(
        number,
        "DATA",
        `The data of version ${number} does not match its hash: it was changed in the database.`,
      );
  }
  for (const { number, dataHash, sizeBytes } of kept) {
    const size = sizes.get(dataHash) ?? sizeBytes;
    if (size !== sizeBytes)
      findings.add(number, "RECORD", `Version ${number} is said to have ${sizeBytes} bytes of data, and has ${size}.`);
  }
  return { readable: kept.length - lost.length, pruned: pruned.length + gone.size };
}

async function prunedMeanwhile(runtime: Runtime, caller: Caller, versions: readonly Row[]): Promise<Set<number>> {
  if (versions.length === 0) return new Set();
  const now = await getEachVersion(runtime, caller, versions);
  return new Set(
    now.flatMap((version) => (!(version instanceof Error) && version.prunedAt !== null ? version.number : [])),
  );
}
