import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { provideEncryptionKey } from "./encryption-key.ts";
import { SettingsError } from "./settings.ts";

const none = { encryptionKey: null, previousEncryptionKeys: [] };

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "muster-encryption-key-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

it("takes the key that is given, and keeps none", async () => {
  const dataDir = await folder();
  const encryptionKey = randomBytes(32);
  const previousEncryptionKeys = [randomBytes(32)];
  expect(await provideEncryptionKey({ encryptionKey, previousEncryptionKeys, dataDir })).toEqual([
    encryptionKey,
    ...previousEncryptionKeys,
  ]);
  expect(await readdir(dataDir)).toEqual([]);
});

it("makes one key, for its owner only, however many servers start at once, and keeps it", async () => {
  const dataDir = join(await folder(), "not", "there");
  const provide = async () => (await provideEncryptionKey({ ...none, dataDir }))[0] ?? new Uint8Array();
  const keys = await Promise.all(Array.from({ length: 10 }, provide));
  expect(new Set(keys.map((key) => Buffer.from(key).toString("hex"))).size).toBe(1);
  expect(keys[0]).toHaveLength(32);
  expect(await provide()).toEqual(keys[0]);
  expect(await readdir(dataDir)).toEqual(["encryption-key"]);
  expect((await stat(join(dataDir, "encryption-key"))).mode & 0o777).toBe(0o600);
});

it("says so when the file holds no key, or cannot be kept", async () => {
  const dataDir = await folder();
  await writeFile(join(dataDir, "encryption-key"), "no key\n");
  await expect(provideEncryptionKey({ ...none, dataDir })).rejects.toThrow(SettingsError);
  const taken = join(dataDir, "encryption-key");
  await expect(provideEncryptionKey({ ...none, dataDir: taken })).rejects.toThrow(/MUSTER_ENCRYPTION_KEY/);
});
