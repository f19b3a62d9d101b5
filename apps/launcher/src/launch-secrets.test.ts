import { chmod, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase } from "@muster/database/test-database.ts";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startLauncher } from "../test/launcher-process.ts";

let folder: string;
let database: TestDatabase;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "muster-launch-secrets-")));
  await chmod(folder, 0o711);
  database = await createTestDatabase();
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

it("takes the database's address, and the admin key's place, from files", async () => {
  const [dataDir, url, key] = [join(folder, "data"), join(folder, "database-url"), join(folder, "admin-key")];
  await writeFile(url, `${database.url}\n`);
  const launcher = startLauncher(["--data-dir", dataDir, "--port", "0", "--no-console"], {
    DATABASE_URL_FILE: url,
    MUSTER_BOOTSTRAP_KEY_FILE: key,
  });
  try {
    await launcher.until("Ctrl-C\n");
    expect(await readFile(join(dataDir, "trace"), "utf8")).toContain(` ${database.url} `);
    expect(launcher.output()).toContain(key);
    expect(launcher.output()).not.toContain(database.url);
  } finally {
    launcher.child.kill("SIGTERM");
    await launcher.ended;
  }
}, 60_000);

it.each([
  [{ DATABASE_URL_FILE: "/nowhere/at/all" }, /nowhere\/at\/all cannot be read .*DATABASE_URL_FILE/],
  [{ DATABASE_URL: "postgres://me@here/muster", DATABASE_URL_FILE: "/etc/hostname" }, /Both DATABASE_URL and/],
])("names the variable of a secret that cannot be had: %j", async (environment, message) => {
  const launcher = startLauncher(["--data-dir", join(folder, "data")], environment);
  expect(await launcher.ended).toBe(1);
  expect(launcher.output()).toMatch(message);
});
