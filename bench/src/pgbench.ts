import { execFile } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** pgbench by PGBENCH, PATH or a distribution's folder; null when there is none. */
export function findPgbench(): string | null {
  const candidates = [
    process.env.PGBENCH,
    ...(process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "pgbench")),
    ...globSync("/usr/lib/postgresql/*/bin/pgbench").toSorted().toReversed(),
    ...globSync("/opt/homebrew/opt/postgresql*/bin/pgbench"),
  ];
  return candidates.find((path) => path !== undefined && existsSync(path)) ?? null;
}

interface PgbenchOptions {
  readonly pgbench: string;
  readonly url: string;
  readonly script: string;
  readonly clients: number;
  readonly seconds: number;
}

/** Runs `script` with prepared statements and gives transactions a second, without the time to connect. */
export async function runPgbench({ pgbench, url, script, clients, seconds }: PgbenchOptions): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "muster-pgbench-"));
  try {
    const file = join(folder, "script.sql");
    await writeFile(file, script);
    const jobs = String(availableParallelism());
    const { stdout } = await run(
      pgbench,
      ["-n", "-M", "prepared", "-c", String(clients), "-j", jobs, "-T", String(seconds), "-f", file, url],
      { timeout: (seconds + 60) * 1000, env: { ...process.env, PGOPTIONS: "" } },
    );
    const perSecond = /tps = ([\d.]+)/.exec(stdout)?.[1];
    if (perSecond === undefined) throw new Error(`pgbench printed no figure: ${stdout.slice(-500)}`);
    return Number(perSecond);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
