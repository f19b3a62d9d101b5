import { createHash } from "node:crypto";
import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Account } from "./account.ts";
import type { PostgresBinaries } from "./binaries.ts";
import { EmbeddedPostgresError, fileError } from "./embedded-postgres-error.ts";
import { canReach } from "./reach.ts";

/** In a data folder whose data had to be put elsewhere: a text file with the path of that place. */
const POINTER = "location";

/**
 * The folder that really holds the data of `dataDir`: itself, or the one its pointer names. Creates `dataDir`.
 * `log` is told when the pointer leads nowhere.
 */
export async function locateData(dataDir: string, log: (line: string) => void): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true });
    const folder = await realpath(dataDir);
    const pointer = await readFile(join(folder, POINTER), "utf8").catch(() => null);
    if (pointer === null) return folder;
    const elsewhere = pointer.trim();
    if (await exists(elsewhere)) return elsewhere;
    log(`The database of ${folder} was kept in ${elsewhere}, which is gone: starting with an empty one.`);
    await rm(join(folder, POINTER));
    return folder;
  } catch (error) {
    throw fileError(error, dataDir);
  }
}

/** Owner of the data that is there; undefined when there is none yet. */
export async function ownerOfData(folder: string): Promise<number | undefined> {
  return (await stat(join(folder, "cluster")).catch(() => null))?.uid;
}

/**
 * Gives the account a data folder that it can enter, private to it: `folder`, or where that lies below a folder the
 * account cannot enter, a new one in a place for all users, with a pointer left in `folder`.
 */
export async function placeData(folder: string, account: Account, log: (line: string) => void): Promise<string> {
  try {
    if ((await giveTo(folder, account)) && (await canReach(folder, account))) return folder;
    if ((await ownerOfData(folder)) !== undefined) {
      throw new EmbeddedPostgresError(
        "NOT_WRITABLE",
        `The user ${account.name} that runs the database in ${folder} cannot enter that folder any more: allow it to enter the folders above (chmod o+x), or choose another folder with --data-dir.`,
      );
    }
    const name = createHash("sha256").update(folder).digest("hex").slice(0, 16);
    const place = join(await sharedFolder(account, log), name);
    await mkdir(place, { recursive: true, mode: 0o700 });
    await chown(place, account.uid, account.gid);
    await writeFile(join(folder, POINTER), `${place}\n`);
    log(`The database is kept in ${place}, because the user ${account.name} that runs it cannot enter ${folder}.`);
    return place;
  } catch (error) {
    throw fileError(error, folder);
  }
}

/** False on file systems that know no owners. */
async function giveTo(folder: string, account: Account): Promise<boolean> {
  try {
    await chown(folder, account.uid, account.gid);
    await chmod(folder, 0o700);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EPERM") return false;
    throw error;
  }
}

/** Gives binaries that the account can reach: these, or a copy of them in a place for all users. */
export async function placeBinaries(
  binaries: PostgresBinaries,
  account: Account,
  log: (line: string) => void,
): Promise<PostgresBinaries> {
  if (await canReach(binaries.folder, account)) return binaries;
  const shared = await sharedFolder(account, log);
  const folder = join(shared, `postgres-${binaries.version}`);
  if (!(await exists(folder))) {
    try {
      const copy = await mkdtemp(join(shared, "copy-"));
      await cp(binaries.folder, copy, {
        recursive: true,
        verbatimSymlinks: true,
        filter: (path) => !path.endsWith(".a"),
      });
      await chmod(copy, 0o755);
      // Whoever comes second finds the folder in place and throws its own copy away.
      await rename(copy, folder).catch(() => rm(copy, { recursive: true, force: true }));
    } catch (error) {
      throw fileError(error, shared);
    }
  }
  return { ...binaries, folder };
}

/** A folder of root's that every user can enter: durable where possible. */
async function sharedFolder(account: Account, log: (line: string) => void): Promise<string> {
  const durable = "/var/lib/muster";
  if (await isSharedFolder(durable, account)) return durable;
  const temporary = join(tmpdir(), "muster");
  if (await isSharedFolder(temporary, account)) {
    log(`Warning: ${durable} cannot be used, so the database lies in ${temporary}, which the system may empty.`);
    return temporary;
  }
  throw new EmbeddedPostgresError(
    "NOT_WRITABLE",
    `Neither ${durable} nor ${temporary} can be written and entered by the user ${account.name}: choose a folder that it can enter with --data-dir, or set DATABASE_URL.`,
  );
}

async function isSharedFolder(folder: string, account: Account): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    // In a folder that anyone can write, somebody else may have put this one, or a link, before us.
    const found = await lstat(folder);
    if (!found.isDirectory() || found.uid !== process.getuid?.()) return false;
    await chmod(folder, 0o755);
    const probe = await mkdtemp(join(folder, `${basename(folder)}-`));
    await rm(probe, { recursive: true });
    return await canReach(folder, account);
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
