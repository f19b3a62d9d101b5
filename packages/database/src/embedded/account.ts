import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";

/** A user of this machine. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const CREATED = "muster";

/**
 * Whom Postgres runs as: null means as ourselves. PostgreSQL refuses to run as root; then it is the owner of the data
 * that is already there, else the user `postgres`, else a system user `muster` (made when missing), else `nobody`.
 */
export function postgresAccount(dataOwner: number | undefined, log: (line: string) => void): Account | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = readAccounts();
  const account =
    accounts.find(({ uid }) => uid !== 0 && uid === dataOwner) ??
    named(accounts, "postgres") ??
    named(accounts, CREATED) ??
    createAccount(log) ??
    named(accounts, "nobody");
  if (account) return account;
  throw new EmbeddedPostgresError(
    "NO_ACCOUNT",
    "PostgreSQL does not run as root and no other user could be made: run `useradd --system postgres`, start Muster as an ordinary user, or set DATABASE_URL.",
  );
}

function createAccount(log: (line: string) => void): Account | undefined {
  const made = spawnSync("useradd", ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", CREATED]);
  if (made.status !== 0) return undefined;
  log(`Made the system user ${CREATED} to run PostgreSQL, which refuses to run as root.`);
  return named(readAccounts(), CREATED);
}

function named(accounts: readonly Account[], name: string): Account | undefined {
  return accounts.find((account) => account.name === name);
}

function readAccounts(): Account[] {
  return readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .filter((line) => line.includes(":") && !line.startsWith("#"))
    .map((line) => {
      const [name = "", , uid, gid] = line.split(":");
      return { name, uid: Number(uid), gid: Number(gid) };
    });
}
