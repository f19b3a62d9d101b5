import { within } from "@muster/domain/actor.ts";
import { LimitExceeded } from "@muster/domain/errors.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { registerAgent } from "@muster/operations/agents/register-agent.ts";
import { openContext } from "@muster/operations/contexts/open-context.ts";
import { updateWorkspace } from "@muster/operations/projects/update-workspace.ts";
import { readWorkspaceUsage } from "@muster/operations/projects/workspace-usage.ts";
import { actingFor } from "@muster/operations/runtime.ts";
import { createTask } from "@muster/operations/tasks/create-task.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { callerOf } from "./busy-fleet.ts";
import { createTenants, type Tenants } from "./tenants.ts";

let tenants: Tenants;
beforeAll(async () => {
  tenants = await createTenants({ rowSecurity: true });
});
afterAll(() => tenants.close());

/** Someone who may do everything in one project of the workspace. */
function limited() {
  const { workspaceId, projectId } = tenants.beside;
  const reach = within(workspaceId, projectId);
  const everywhere = callerOf({ kind: "API_KEY", id: null, name: "limited", permissions: new Set(PERMISSIONS) });
  const caller = { ...everywhere, actor: { ...everywhere.actor, reach } };
  return { caller, runtime: actingFor(tenants.runtime, caller), workspaceId, projectId };
}

it("counts what other projects have of a workspace's quotas, for who cannot see them", async () => {
  const { caller, runtime, workspaceId, projectId } = limited();
  const admin = callerOf({ kind: "API_KEY", id: null, name: "admin", permissions: new Set(PERMISSIONS) });
  const usage = async () => (await readWorkspaceUsage(tenants.runtime, admin, [workspaceId])).get(workspaceId);
  const limit = (quotas: object) => updateWorkspace(tenants.runtime, admin, { workspaceId, ...quotas });
  const present = await usage();
  if (!present) throw new Error("There is no such workspace.");

  await limit({ maxAgents: present.activeAgents.count + 1, maxContexts: present.contexts.count + 1 });
  const register = (name: string) => registerAgent(runtime, caller, { projectId, definitionSlug: "worker-1", name });
  const open = (name: string) => openContext(runtime, caller, { projectId, name });
  await register("the last");
  await expect(register("one more")).rejects.toThrow(LimitExceeded);
  await open("the last");
  await expect(open("one more")).rejects.toThrow(LimitExceeded);

  const input = { text: "x".repeat(1_000) };
  const create = () => createTask(runtime, caller, { projectId, kind: "work", input });
  await limit({ maxStorageBytes: 1_000_000_000 });
  const stored = (await usage())?.storageBytes ?? 0;
  await limit({ maxStorageBytes: stored + 1_500, maxTasksPerMinute: 2 });
  await create();
  await expect(create()).rejects.toMatchObject({ limit: "workspace.maxStorageBytes" });
  await limit({ maxStorageBytes: null });
  await create();
  await expect(create()).rejects.toMatchObject({ limit: "workspace.maxTasksPerMinute" });
});
