import { Forbidden } from "@muster/domain/errors.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { addTask, addWorker } from "../../test/workers.ts";
import { claimReady } from "../tasks/claim-tasks.ts";
import { createProject } from "./create-project.ts";
import { readWorkspaceUsage } from "./workspace-usage.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

it("counts what there is of a workspace, as far as the caller reaches", async () => {
  const { runtime, admin, workspaceId, projectId, database } = fixture;
  const usage = (caller = admin) => only(readWorkspaceUsage(runtime, caller, [workspaceId]));
  const of = (projects: number, agents: number, runningTasks: number) => ({
    projects: { count: projects, isCapped: false },
    agents: { count: agents, isCapped: false },
    activeAgents: { count: agents, isCapped: false },
    runningAgents: { count: agents, isCapped: false },
    runningTasks: { count: runningTasks, isCapped: false },
    contexts: { count: 0, isCapped: false },
    tasksThisMinute: null,
    storageBytes: null,
  });
  expect(await usage()).toEqual(of(1, 0, 0));
  const other = await createProject(runtime, admin, { workspaceId, slug: "other", name: "Other" });
  const worker = await addWorker(fixture);
  await addTask(fixture);
  await addTask(fixture);
  await claimReady(runtime, worker.caller, { ...worker, max: 1 });
  expect(await usage()).toEqual(of(2, 1, 1));
  const { permissions } = admin.actor;
  const reaching = (reach: { workspaceId: string; projectId: string | null }) =>
    callerOf({ kind: "API_KEY", name: "limited", permissions, reach });
  expect(await usage(reaching({ workspaceId, projectId }))).toEqual(of(1, 1, 1));
  expect(await usage(reaching({ workspaceId, projectId: other.id }))).toEqual(of(1, 0, 0));
  const { workspaceId: foreign } = await addProject(database);
  const elsewhere = reaching({ workspaceId: foreign, projectId: null });
  expect((await readWorkspaceUsage(runtime, elsewhere, [workspaceId])).size).toBe(0);
  const nobody = callerOf({ kind: "API_KEY", name: "nobody", permissions: new Set() });
  await expect(usage(nobody)).rejects.toThrow(Forbidden);
});
