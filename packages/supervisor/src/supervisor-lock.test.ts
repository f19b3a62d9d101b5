import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { processStart } from "./process-identity.ts";
import { takeSupervisorLock } from "./supervisor-lock.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "muster-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("is held by one at a time, and free once it is released", () => {
  const first = takeSupervisorLock(folder);
  expect(first).not.toBeNull();
  expect(takeSupervisorLock(folder)).toBeNull();
  first?.release();
  expect(takeSupervisorLock(folder)).not.toBeNull();
});

it("is not held by the dead, nor by whoever got their pid", async () => {
  await writeFile(join(folder, "supervisor.lock.1"), `${process.pid} ${processStart(process.pid)}`);
  expect(takeSupervisorLock(folder)).toBeNull();
  await writeFile(join(folder, "supervisor.lock.1"), `${process.pid} another/1`);
  const lock = takeSupervisorLock(folder);
  expect(lock).not.toBeNull();
  expect(takeSupervisorLock(folder)).toBeNull();
});
