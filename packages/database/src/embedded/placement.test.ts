import { chmod, mkdtemp, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres, stopEmbeddedPostgres } from "./start-embedded-postgres.ts";

describe.runIf(process.getuid?.() === 0)("as root, below a folder that others cannot enter", () => {
  let home: string;
  let postgres: EmbeddedPostgres | undefined;
  beforeEach(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), "muster-home-")));
    await chmod(home, 0o700);
  });
  afterEach(async () => {
    await postgres?.stop();
    await rm(home, { recursive: true, force: true });
    if (postgres && !postgres.dataDir.startsWith(home)) await rm(postgres.dataDir, { recursive: true, force: true });
    postgres = undefined;
  });

  it("keeps the data where PostgreSQL's user can enter, says so once, and finds it again after the folder moved", async () => {
    const lines: string[] = [];
    const dataDir = join(home, "project", "postgres");
    postgres = await startEmbeddedPostgres({ dataDir, log: (line) => lines.push(line) });
    expect(lines).toEqual([expect.stringContaining(`The database is kept in ${postgres.dataDir}`)]);
    expect(postgres.dataDir.startsWith(home)).toBe(false);
    expect((await stat(postgres.dataDir)).mode & 0o777).toBe(0o700);
    expect(await readFile(join(dataDir, "location"), "utf8")).toBe(`${postgres.dataDir}\n`);
    await run(postgres.url, "create table kept (id int)");
    await postgres.stop();

    await rename(join(home, "project"), join(home, "moved"));
    const moved = join(home, "moved", "postgres");
    lines.length = 0;
    postgres = await startEmbeddedPostgres({ dataDir: moved, log: (line) => lines.push(line) });
    expect(lines).toEqual([]);
    await run(postgres.url, "drop table kept");
    expect(await stopEmbeddedPostgres(moved)).toBe(false);
  });

  it("refuses to start with empty data when the folder can no longer be entered", async () => {
    await chmod(home, 0o711);
    const dataDir = join(home, "postgres");
    postgres = await startEmbeddedPostgres({ dataDir });
    await postgres.stop();
    await chmod(home, 0o700);
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ code: "NOT_WRITABLE" });
  });
});

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
