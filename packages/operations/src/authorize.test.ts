import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Caller, type Grant, unitedGrants, within } from "@muster/domain/actor.ts";
import { Forbidden, NotFound } from "@muster/domain/errors.ts";
import { ROLE_PERMISSIONS } from "@muster/domain/roles.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addTasks, bulkJobsOn } from "../test/bulk-jobs.ts";
import { addAgent, addProject, callerOf, createFixture, type Fixture } from "../test/fixtures.ts";
import { holdTask } from "../test/held-tasks.ts";
import { getAgents } from "./agents/agent-queries.ts";
import { transitionAgent } from "./agents/transition-agent.ts";
import { audienceOf, authorize, authorizeInstallation, authorizeWorkspace, systemCaller } from "./authorize.ts";
import { abortBulkJob } from "./bulk-jobs/abort-bulk-job.ts";
import { openContext } from "./contexts/open-context.ts";
import { registerDefinition } from "./definitions/register-definition.ts";
import { createProject } from "./projects/create-project.ts";
import { createWorkspace } from "./projects/create-workspace.ts";
import { reachableWorkspaces } from "./projects/project-queries.ts";
import { updateWorkspace } from "./projects/update-workspace.ts";
import { createSavedView } from "./saved-views/create-saved-view.ts";
import { updateSavedView } from "./saved-views/update-saved-view.ts";
import { completeTask } from "./tasks/complete-task.ts";
import { createTask } from "./tasks/create-task.ts";
import { startTask } from "./tasks/start-task.ts";
import { getTasks } from "./tasks/task-queries.ts";

interface Place {
  readonly workspaceId: string;
  readonly projectId: string;
}

let fixture: Fixture;
let other: Place;
/** Admin of the fixture's whole workspace, and viewer of the other project. */
let mixed: Caller;
beforeAll(async () => {
  fixture = await createFixture();
  other = await addProject(fixture.database);
  mixed = person(
    { workspaceId: fixture.workspaceId, projectId: null, permissions: ADMIN, projectIds: [fixture.projectId] },
    { ...other, permissions: VIEWER },
  );
});
afterAll(() => fixture.close());

const ADMIN = new Set(ROLE_PERMISSIONS.ADMIN);
const VIEWER = new Set(ROLE_PERMISSIONS.VIEWER);

function person(...grants: Grant[]): Caller {
  return callerOf({ kind: "USER", name: "person", ...unitedGrants(grants) });
}

describe("someone with several roles", () => {
  it("sees what either lets it see, and changes only where it may", async () => {
    const [here, there] = [await addAgent(fixture, "here"), await addAgent(fixture, "there", "ONLINE", other)];
    expect(await getAgents(fixture.runtime, mixed, [here.id, there.id])).toHaveLength(2);
    const suspend = (agentId: string) =>
      transitionAgent(fixture.runtime, mixed, { agentId, action: "SUSPEND", reason: "test" });
    expect(await suspend(here.id)).toMatchObject({ state: "SUSPENDED" });
    await expect(suspend(there.id)).rejects.toThrow(NotFound);
    const task = (projectId: string) => createTask(fixture.runtime, mixed, { projectId, kind: "build", input: null });
    const { task: created } = await task(fixture.projectId);
    expect(await getTasks(fixture.runtime, mixed, [created.id])).toHaveLength(1);
    await expect(task(other.projectId)).rejects.toThrow(NotFound);
    const context = (projectId: string) => openContext(fixture.runtime, mixed, { projectId, name: "notes" });
    await expect(context(other.projectId)).rejects.toThrow(NotFound);
    expect(await context(fixture.projectId)).toMatchObject({ name: "notes" });
  });

  it("changes a whole workspace by the role that is as broad, and no other", async () => {
    const both = person(
      { workspaceId: fixture.workspaceId, projectId: null, permissions: ADMIN, projectIds: [fixture.projectId] },
      { ...other, permissions: ADMIN },
    );
    for (const caller of [mixed, both]) {
      const rename = (workspaceId: string, name: string) =>
        updateWorkspace(fixture.runtime, caller, { workspaceId, name });
      const name = `of ${caller.actor.id}`;
      expect(await rename(fixture.workspaceId, name)).toMatchObject({ name });
      await expect(rename(other.workspaceId, "x")).rejects.toThrow(NotFound);
      const project = (workspaceId: string, slug: string) =>
        createProject(fixture.runtime, caller, { workspaceId, slug, name: "P" });
      expect(await project(fixture.workspaceId, `p${caller.actor.id}`)).toMatchObject({ name: "P" });
      await expect(project(other.workspaceId, "p")).rejects.toThrow(NotFound);
      const definition = (workspaceId: string | null) =>
        registerDefinition(fixture.runtime, caller, {
          workspaceId,
          slug: "own",
          name,
          type: "process",
          capabilities: [],
        });
      expect(await definition(fixture.workspaceId)).toMatchObject({ name });
      await expect(definition(other.workspaceId)).rejects.toThrow(NotFound);
      await expect(definition(null)).rejects.toThrow(Forbidden);
      await expect(createWorkspace(fixture.runtime, caller, { slug: "mine", name: "Mine" })).rejects.toThrow(Forbidden);
      expect((await reachableWorkspaces(fixture.runtime, caller)).map(({ id }) => id).toSorted()).toEqual(
        [fixture.workspaceId, other.workspaceId].toSorted(),
      );
    }
    const single = person({ ...other, permissions: ADMIN });
    await expect(updateWorkspace(fixture.runtime, single, { workspaceId: other.workspaceId })).rejects.toThrow(
      Forbidden,
    );
  });

  it("aborts a bulk job only where it may do what that does", async () => {
    const jobs = bulkJobsOn(fixture);
    await addTasks(fixture, 1, { kind: "kept", state: "CANCELLED" });
    const { id: jobId } = await jobs.retry(["kept"]);
    const abort = (caller: Caller) => abortBulkJob(fixture.runtime, caller, { jobId, reason: "enough" });
    const viewerHere = person(
      { workspaceId: fixture.workspaceId, projectId: fixture.projectId, permissions: VIEWER },
      { ...other, permissions: ADMIN },
    );
    await expect(abort(viewerHere)).rejects.toThrow(NotFound);
    expect(await abort(mixed)).toMatchObject({ state: "ABORTED" });
  });

  it("is another audience than someone with the same permissions and places, the other way round", () => {
    const here = { workspaceId: fixture.workspaceId, projectId: fixture.projectId };
    const oneWay = person({ ...here, permissions: ADMIN }, { ...other, permissions: VIEWER });
    const otherWay = person({ ...here, permissions: VIEWER }, { ...other, permissions: ADMIN });
    expect(audienceOf(oneWay)).not.toBe(audienceOf(otherWay));
    expect(audienceOf(oneWay)).toBe(audienceOf({ ...oneWay, correlationId: "another" }));
  });
});

it("keeps credentials of a project out of another one of the same workspace", async () => {
  const { runtime, admin, workspaceId, projectId } = fixture;
  const { id } = await createProject(runtime, admin, { workspaceId, slug: "neighbour", name: "Neighbour" });
  const neighbour: Caller = { ...admin, actor: { ...admin.actor, reach: within(workspaceId, id) } };
  const { id: agentId } = await addAgent(fixture, "busy");
  const held = await holdTask(fixture, agentId, { start: false });
  const attempt = { taskId: held.id, attempt: held.attempt };
  const create = createTask(runtime, neighbour, { projectId, kind: "build", input: null });
  await expect(create).rejects.toThrow(NotFound);
  await expect(startTask(runtime, neighbour, attempt)).rejects.toThrow(NotFound);
  await expect(completeTask(runtime, neighbour, { ...attempt, output: null })).rejects.toThrow(NotFound);
  const move = transitionAgent(runtime, neighbour, { agentId, action: "SUSPEND", reason: "test" });
  await expect(move).rejects.toThrow(NotFound);
  const { id: viewId } = await createSavedView(runtime, admin, { projectId, screen: "FLEET", name: "v", query: "" });
  await expect(updateSavedView(runtime, neighbour, { viewId, name: "mine" })).rejects.toThrow(NotFound);
  await startTask(runtime, admin, attempt);
  const complete = completeTask(runtime, neighbour, { ...attempt, output: null });
  await expect(complete).rejects.toThrow(NotFound);
});

describe("authorize", () => {
  const all = systemCaller("test");
  const limited = (workspaceId: string | null, projectId: string | null): Caller => ({
    ...all,
    actor: { ...all.actor, reach: within(workspaceId, projectId) },
  });

  it("gives the caller itself where it has one reach", () => {
    expect(authorize(all, "agent.read")).toBe(all);
  });

  it("wants a whole workspace, or the installation, where that is what is changed", () => {
    expect(() => authorizeWorkspace(limited("w", "p"), "workspace.update")).toThrow(Forbidden);
    expect(() => authorizeInstallation(limited("w", null), "workspace.create")).toThrow(Forbidden);
    expect(authorizeWorkspace(limited("w", null), "workspace.update").actor.reach).toEqual(within("w", null));
    expect(() => authorizeWorkspace(mixed, "workspace.update")).not.toThrow();
    expect(() => authorizeInstallation(mixed, "workspace.update")).toThrow(Forbidden);
  });

  it("is never asked without going on with what it gives", () => {
    const packages = join(import.meta.dirname, "..", "..");
    const sources = globSync("*/src/**/*.ts", { cwd: packages, exclude: (file) => file.endsWith(".test.ts") });
    const dropped = sources.flatMap((file) => {
      const lines = readFileSync(join(packages, file), "utf8").split("\n");
      return lines.flatMap((line, at) =>
        // Who may do it in the whole installation reaches everything anyway: there the answer may be dropped.
        /\bauthorize(Agent|Workspace)?\(/.test(line) && !/ = |return |function |=>|\* /.test(line)
          ? [`${file}:${at + 1}`]
          : [],
      );
    });
    expect(sources.length).toBeGreaterThan(500);
    expect(dropped).toEqual([]);
  });
});
