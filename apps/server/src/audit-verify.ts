/** `npm run verify-audit`: says whether the audit log is what was sealed and signed. */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { openDatabase } from "@muster/database/database.ts";
import { type CheckpointKeys, keysIn } from "@muster/identity/audit/checkpoint.ts";
import type { Finding } from "@muster/identity/audit/verify/finding.ts";
import { type Verified, verifyDatabase, type VerifyOptions } from "@muster/identity/audit/verify/verify-database.ts";
import {
  type KeptCheckpoints,
  NotAnExport,
  readKeptCheckpoints,
  verifyExport,
} from "@muster/identity/audit/verify/verify-export.ts";

const USAGE = `npm run verify-audit -- [--database URL | --file export.ndjson] [--public-key jwk.json] [--checkpoints file]

Compares events, chains and signed checkpoints with each other and names what was changed. Changes nothing.
  --database     PostgreSQL with the log; else DATABASE_URL
  --file         an export of GET /audit/chain, without any database
  --public-key   the key (JWK, or a JWKS) to trust, kept elsewhere. Else the keys beside the checkpoints are taken
  --checkpoints  an export of GET /audit/checkpoints, kept elsewhere: also finds what was cut off, and chains written anew
Exit code: 0 nothing is wrong, 1 something is, 2 it could not be checked.
`;
/** More findings of one kind than this are only counted. */
const SHOWN = 50;
const PROGRESS_MS = 1_000;

class CannotCheck extends Error {
  override readonly name = "CannotCheck";
}

function optionsOf(args: readonly string[]) {
  const text = { type: "string" } as const;
  try {
    const { values } = parseArgs({
      args: args.filter((arg) => arg !== "--"),
      options: { database: text, file: text, "public-key": text, checkpoints: text, help: { type: "boolean" } },
    });
    return values;
  } catch (error) {
    throw new CannotCheck(`${(error as Error).message}\n\n${USAGE}`);
  }
}

async function trustedKeys(path: string | undefined, kept: KeptCheckpoints | null): Promise<CheckpointKeys | null> {
  if (path === undefined) return kept?.keys ?? null;
  const keys = keysIn(await readFile(path, "utf8"));
  if (!keys) throw new CannotCheck(`${path} holds no public key: give a JWK with its kid, or a JWKS.`);
  return keys;
}

async function verify(args: readonly string[]): Promise<number> {
  const { database: url = process.env["DATABASE_URL"], file, help, ...given } = optionsOf(args);
  if (help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (file === undefined && !url) throw new CannotCheck(`There is nothing to check.\n\n${USAGE}`);
  const kept = given.checkpoints === undefined ? null : await readKeptCheckpoints(given.checkpoints);
  const keys = await trustedKeys(given["public-key"], kept);
  const counts = new Map<string, number>();
  const report = (finding: Finding) => {
    const count = (counts.get(finding.kind) ?? 0) + 1;
    counts.set(finding.kind, count);
    if (count <= SHOWN) process.stdout.write(`${describe(finding)}\n`);
  };
  const options = { keys, checkpoints: kept?.checkpoints ?? [], report, onProgress: progress() };
  const verified = file === undefined ? await verifyUrl(url ?? "", options) : await verifyExport(file, options);
  process.stdout.write(summary(verified, counts, { keys, kept }));
  return counts.size === 0 ? 0 : 1;
}

async function verifyUrl(url: string, options: VerifyOptions): Promise<Verified> {
  const database = openDatabase({ url, connections: 1, applicationName: "muster verify-audit", onError: () => {} });
  try {
    return await verifyDatabase(database, options);
  } finally {
    await database.close();
  }
}

function progress(): (done: number, total: number) => void {
  let next = performance.now() + PROGRESS_MS;
  return (done, total) => {
    if (performance.now() < next) return;
    next = performance.now() + PROGRESS_MS;
    const share = total > done ? ` of ${total} (${Math.floor((100 * done) / total)} %)` : "";
    process.stderr.write(`${done}${share} events checked\n`);
  };
}

function describe({ kind, chain, position, message }: Finding): string {
  const place = [chain && `chain ${chain}`, position === null ? null : `position ${position}`].filter(Boolean);
  return `${kind.padEnd(17)} ${place.join(", ")}: ${message}`;
}

function summary(
  { chains, events, removed, unsealed, checkpoints }: Verified,
  counts: ReadonlyMap<string, number>,
  { keys, kept }: { readonly keys: CheckpointKeys | null; readonly kept: KeptCheckpoints | null },
): string {
  const lines = [
    `${events} events in ${chains} chains, ${checkpoints} checkpoints; ${removed} removed by retention, ${unsealed} not sealed yet.`,
  ];
  for (const [kind, count] of counts) if (count > SHOWN) lines.push(`${kind}: ${count - SHOWN} more are not shown.`);
  const found = [...counts.values()].reduce((sum, count) => sum + count, 0);
  lines.push(found === 0 ? "Nothing is wrong." : `${found} ${found === 1 ? "thing is" : "things are"} wrong.`);
  if (keys === null)
    lines.push("The public keys were taken from beside the log: give --public-key to be sure of them.");
  if (kept === null)
    lines.push("Without --checkpoints, a log that was cut off together with its checkpoints looks whole.");
  return `${lines.join("\n")}\n`;
}

try {
  process.exitCode = await verify(process.argv.slice(2));
} catch (error) {
  const known = error instanceof CannotCheck || error instanceof NotAnExport;
  process.stderr.write(`${known ? (error as Error).message : `It could not be checked: ${String(error)}`}\n`);
  process.exitCode = 2;
}
