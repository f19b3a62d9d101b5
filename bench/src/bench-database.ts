import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@muster/database/embedded/start-embedded-postgres.ts";
import { migrate } from "@muster/database/migrate.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs `work` against a migrated database on a PostgreSQL of its own, with durable commits, and leaves nothing behind. */
export async function withBenchDatabase<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "muster-bench-"));
  // As root, PostgreSQL runs as another user, who must be able to pass.
  await chmod(folder, 0o711);
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, "postgres") });
  const clear = async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  // It is no child that would end with us.
  const interrupt = () => void clear().finally(() => process.exit(1));
  for (const signal of SIGNALS) process.once(signal, interrupt);
  try {
    await migrate(postgres.url);
    return await work(postgres.url);
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
    await clear();
  }
}
