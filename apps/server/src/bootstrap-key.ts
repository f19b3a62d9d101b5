import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Database } from "@muster/database/database.ts";
import { ensureBootstrapKey } from "@muster/identity/bootstrap-key.ts";
import { newAdminKey } from "@muster/identity/new-admin-key.ts";
import type { ServerSettings } from "./settings.ts";

/**
 * The admin key: the one that was given, else the one that is kept in a file only its owner can read, made at first start.
 * The database holds its hash. Null when neither a key nor a file is set: then an operator has created keys already.
 */
export async function provideBootstrapKey(database: Database, settings: ServerSettings): Promise<string | null> {
  const key =
    settings.bootstrapKey ?? (settings.bootstrapKeyFile === null ? null : await keptKey(settings.bootstrapKeyFile));
  if (key !== null) await ensureBootstrapKey(database, key);
  return key;
}

async function keptKey(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const key = newAdminKey();
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${key}\n`, { mode: 0o600, flag: "wx" });
  return key;
}
