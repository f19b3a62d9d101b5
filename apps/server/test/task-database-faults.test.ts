import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@muster/database/embedded/start-embedded-postgres.ts";
import { migrate } from "@muster/database/migrate.ts";
import { expect, it, onTestFinished } from "vitest";
import { eventually, startServerProcess } from "./processes.ts";
import { lookInto } from "./task-consistency.ts";
import { STEP_ENVIRONMENT, StepFaults, STEPS } from "./task-steps.ts";

it("SIGKILL of PostgreSQL during a step loses nothing that was acknowledged and does nothing twice, whichever step it is", async () => {
  const folder = await mkdtemp(join(tmpdir(), "muster-task-faults-"));
  // As root, PostgreSQL runs as another user, who must be able to pass.
  await chmod(folder, 0o711);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  let postgres = await startEmbeddedPostgres({ dataDir: join(folder, "postgres") });
  onTestFinished(() => postgres.stop());
  await migrate(postgres.url);
  const server = await startServerProcess(postgres.url, STEP_ENVIRONMENT);
  const database = lookInto(postgres.url);
  const faults = await StepFaults.setUp(server, database);
  let cutOff = 0;
  for (const steps of STEPS) {
    cutOff += await faults.during(steps, server, async () => {
      process.kill(postgres.pid, "SIGKILL");
      await postgres.exited;
      postgres = await startEmbeddedPostgres({ dataDir: join(folder, "postgres"), port: postgres.port });
      await eventually(
        () => database.read("select"),
        () => true,
      );
      return server;
    });
  }
  expect(cutOff, "calls were under way").toBeGreaterThan(5);
  await faults.finish(server);
}, 120_000);
