import { randomBytes, randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ENCRYPTION_KEY_BYTES, parseEncryptionKey } from "@muster/database/sealed-secret.ts";
import { type ServerSettings, SettingsError } from "./settings.ts";

const FILE = "encryption-key";

type KeySettings = Pick<ServerSettings, "encryptionKey" | "previousEncryptionKeys" | "dataDir">;

/**
 * What seals secrets in the database: the key that was given, else one that is kept in the data folder, where only its owner
 * can read it, made at first start. Servers that start at once on the same folder get the same one. Behind it the previous
 * ones, which open what they have sealed. Throws `SettingsError` when the file holds no key or cannot be kept.
 */
export async function provideEncryptionKey(settings: KeySettings): Promise<readonly Uint8Array[]> {
  return [settings.encryptionKey ?? (await ownKey(settings.dataDir)), ...settings.previousEncryptionKeys];
}

async function ownKey(dataDir: string): Promise<Uint8Array> {
  const file = join(dataDir, FILE);
  try {
    const text = (await keptKey(file)) ?? (await newKey(dataDir, file));
    const key = parseEncryptionKey(text);
    if (key) return key;
  } catch (error) {
    throw new SettingsError(
      `The encryption key cannot be kept in ${file} (${(error as Error).message}). Make the folder writable, or set MUSTER_ENCRYPTION_KEY.`,
    );
  }
  throw new SettingsError(
    `${file} holds no encryption key (${ENCRYPTION_KEY_BYTES} bytes in base64). Bring back the file that was there: what it has sealed cannot be read without it.`,
  );
}

async function keptKey(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return null;
  }
}

/** Writes it whole beside its place first: whoever finds the file finds all of it, and the first to put it there wins. */
async function newKey(dataDir: string, file: string): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  const handle = await open(draft, "wx", 0o600);
  try {
    await handle.writeFile(`${randomBytes(ENCRYPTION_KEY_BYTES).toString("base64")}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(file, "utf8");
}
