import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { expect, it, onTestFinished } from "vitest";
import { stopLeftPostgres } from "./stop-left-postgres.ts";

const START = `
  import { startEmbeddedPostgres } from "@muster/database/embedded/start-embedded-postgres.ts";
  const { url } = await startEmbeddedPostgres({ dataDir: process.argv[1] });
  console.log(url);
  setInterval(() => {}, 60_000);`;

/** A Postgres whose launcher was killed. */
async function leftPostgres(): Promise<{ url: string; dataDir: string }> {
  const dataDir = await mkdtemp(join(tmpdir(), "muster-left-"));
  await chmod(dataDir, 0o711);
  const launcher = spawn(process.execPath, ["--input-type=module", "-e", START, dataDir], {
    cwd: import.meta.dirname,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [url] = (await once(launcher.stdout.setEncoding("utf8"), "data")) as [string];
  launcher.kill("SIGKILL");
  await once(launcher, "exit");
  onTestFinished(async () => {
    await stopLeftPostgres(url.trim(), dataDir);
    await rm(dataDir, { recursive: true, force: true });
  });
  return { url: url.trim(), dataDir };
}

it("leaves the database to another server that still uses it, which then stops it as the last one", async () => {
  const { url, dataDir } = await leftPostgres();
  const other = openDatabase({ url, connections: 1, applicationName: "muster feed" });
  const ask = () => other.run(statement("select 1"), []);
  await ask();
  await stopLeftPostgres(url, dataDir);
  await expect(ask()).resolves.toHaveLength(1);
  await other.close();
  await stopLeftPostgres(url, dataDir);
  const late = openDatabase({ url, connections: 1 });
  await expect(late.run(statement("select 1"), [])).rejects.toThrow("ECONNREFUSED");
  await late.close();
});
