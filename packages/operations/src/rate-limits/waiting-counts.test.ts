import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker } from "../../test/workers.ts";
import { claimReady } from "../tasks/claim-tasks.ts";
import { setRateLimit } from "./set-rate-limit.ts";
import { countWaitingTasks } from "./waiting-counts.ts";

let fixture: Fixture;
let limits: string[];
beforeAll(async () => {
  fixture = await createFixture();
  const { runtime, admin, projectId } = fixture;
  const set = (key: string) => setRateLimit(runtime, admin, { projectId, key, max: 1, periodMs: 3_600_000 });
  limits = [(await set("mails")).id, (await set("calls")).id];
  const worker = await addWorker(fixture, { maxConcurrency: 10 });
  for (let n = 0; n < 4; n += 1) await addTask(fixture, { rateLimitKey: "mails" });
  await claimReady(runtime, worker.caller, { ...worker, max: 10 });
});
afterAll(() => fixture.close());

it("counts the tasks that wait for tokens, and none for a limit that holds nobody up", async () => {
  expect(await countWaitingTasks(fixture.runtime, fixture.admin, limits)).toEqual(
    new Map([
      [limits[0], { count: 3, isCapped: false }],
      [limits[1], { count: 0, isCapped: false }],
    ]),
  );
});

it("has nothing for another tenant, and asks for the permission", async () => {
  const stranger = callerOf({ ...fixture.admin.actor, reach: await addProject(fixture.database) });
  expect(await countWaitingTasks(fixture.runtime, stranger, limits)).toEqual(new Map());
  const permissions = new Set(PERMISSIONS.filter((one) => one !== "task.read"));
  const limited = callerOf({ ...fixture.admin.actor, permissions });
  await expect(countWaitingTasks(fixture.runtime, limited, limits)).rejects.toMatchObject({ permission: "task.read" });
});
