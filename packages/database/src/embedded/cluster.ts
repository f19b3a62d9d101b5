import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdtemp, open, readdir, readFile, rename, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Account } from "./account.ts";
import type { PostgresBinaries } from "./binaries.ts";
import { diskFull, EmbeddedPostgresError, fileError } from "./embedded-postgres-error.ts";
import { startFailure } from "./start-failure.ts";

/** PostgreSQL's superuser, as which Muster connects. */
export const SUPERUSER = "postgres";

/** Less than this and PostgreSQL cannot be expected to write even its next log segment of 16 MiB. */
const LEAST_FREE_BYTES = 64 * 1024 * 1024;
const UNFINISHED = "cluster.new-";

export interface Cluster {
  /** What PostgreSQL calls its data directory. */
  readonly folder: string;
  readonly password: string;
}

/**
 * Finds the cluster in `dataDir`, or makes it there. Making happens in a folder of its own that is renamed when it is
 * complete, so a crash half-way leaves nothing but rubbish, which the next call removes. The caller holds the folder's lock.
 */
export async function prepareCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  account: Account | null,
): Promise<Cluster> {
  try {
    const { bavail, bsize } = await statfs(dataDir);
    if (bavail * bsize < LEAST_FREE_BYTES) throw diskFull(dataDir);
    for (const entry of await readdir(dataDir)) {
      if (entry.startsWith(UNFINISHED)) await rm(join(dataDir, entry), { recursive: true, force: true, maxRetries: 5 });
    }
    const folder = join(dataDir, "cluster");
    const passwordFile = join(dataDir, "password");
    const found = await inspect(folder, binaries);
    const password = await readOrMakePassword(passwordFile, account, found);
    if (!found) await initialise(dataDir, folder, passwordFile, binaries, account);
    return { folder, password };
  } catch (error) {
    throw fileError(error, dataDir);
  }
}

/** Whether there is a cluster that these binaries can run; throws when there is one that they cannot. */
async function inspect(folder: string, binaries: PostgresBinaries): Promise<boolean> {
  const owner = (await stat(folder).catch(() => null))?.uid;
  if (owner === undefined) return false;
  const self = process.getuid?.();
  if (self !== 0 && self !== owner) {
    throw new EmbeddedPostgresError(
      "NOT_WRITABLE",
      `The database in ${folder} belongs to another user (${owner}): start Muster as that user or as root, or choose another folder with --data-dir.`,
    );
  }
  const major = (await readFile(join(folder, "PG_VERSION"), "utf8").catch(() => "")).trim();
  if (major === binaries.major) return true;
  if (major !== "") {
    throw new EmbeddedPostgresError(
      "OTHER_VERSION",
      `The database in ${folder} was made by PostgreSQL ${major}, and this Muster runs PostgreSQL ${binaries.major}: use the version of Muster that made it, or choose another folder with --data-dir.`,
    );
  }
  if (await stat(join(folder, "global", "pg_control")).catch(() => null)) {
    throw new EmbeddedPostgresError(
      "DAMAGED",
      `The database in ${folder} is damaged (PG_VERSION is missing): restore it from a copy, or choose another folder with --data-dir.`,
    );
  }
  await rm(folder, { recursive: true });
  return false;
}

async function readOrMakePassword(file: string, account: Account | null, hasCluster: boolean): Promise<string> {
  const known = (await readFile(file, "utf8").catch(() => "")).trim();
  if (known !== "") return known;
  if (hasCluster) {
    throw new EmbeddedPostgresError(
      "DAMAGED",
      `The file ${file} with the database's password is missing: restore it from a copy, or choose another folder with --data-dir.`,
    );
  }
  const password = randomBytes(24).toString("base64url");
  const handle = await open(file, "w", 0o600);
  try {
    await handle.writeFile(`${password}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (account) await chown(file, account.uid, account.gid);
  return password;
}

async function initialise(
  dataDir: string,
  folder: string,
  passwordFile: string,
  binaries: PostgresBinaries,
  account: Account | null,
): Promise<void> {
  const unfinished = await mkdtemp(join(dataDir, UNFINISHED));
  if (account) await chown(unfinished, account.uid, account.gid);
  const locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8"];
  try {
    await promisify(execFile)(
      join(binaries.folder, "bin", "initdb"),
      ["-D", unfinished, "-U", SUPERUSER, `--pwfile=${passwordFile}`, "--auth=scram-sha-256", ...locale],
      { cwd: unfinished, env: postgresEnvironment(), ...credentials(account) },
    );
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true, maxRetries: 5 });
    const { stderr, message } = error as { stderr?: string; message: string };
    throw startFailure(stderr || message, { dataDir, what: "PostgreSQL could not make its data folder" });
  }
  await rename(unfinished, folder);
}

/** The environment of PostgreSQL's programs: messages in English, and nothing of ours that would change their behaviour. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" };
}

/** Spawn options that make the child run as the account. */
export function credentials(account: Account | null): { uid?: number; gid?: number } {
  return account ? { uid: account.uid, gid: account.gid } : {};
}
