import { parseId } from "@muster/domain/ids.ts";
import { ask, changed } from "./api.ts";

/** A project with what the writers change. Ids are public ones. */
export interface Tenant {
  readonly path: string;
  readonly workspaceId: string;
  readonly projectId: string;
  /** As the database has it. */
  readonly projectUuid: string;
  readonly agents: readonly string[];
  readonly contexts: readonly string[];
}

interface Created {
  readonly data: { readonly id: string; readonly path: string };
}

/** Makes a workspace `slug` with a project, agents and contexts. */
export async function createTenant(
  url: string,
  key: string,
  slug: string,
  counts: { readonly agents: number; readonly contexts: number },
): Promise<Tenant> {
  const make = <Success>(name: string, input: object, fields: string) =>
    changed<Success>(url, key, name, input, fields);
  const workspace = await make<Created>("createWorkspace", { slug, name: slug }, "data { id }");
  const workspaceId = workspace.data.id;
  const project = await make<Created>("createProject", { workspaceId, slug: "app", name: "App" }, "data { id path }");
  const { id: projectId, path } = project.data;
  await make(
    "registerDefinition",
    { workspaceId, slug: "worker", name: "Worker", type: "worker", capabilities: ["work"] },
    "data { id }",
  );
  const [agents, contexts]: [string[], string[]] = [[], []];
  for (let number = 0; number < counts.agents; number += 1) {
    const input = { projectId, definitionSlug: "worker", name: `agent-${number}` };
    agents.push((await make<Created>("registerAgent", input, "data { id }")).data.id);
  }
  for (let number = 0; number < counts.contexts; number += 1) {
    const input = { projectId, name: `context-${number}` };
    contexts.push((await make<Created>("openContext", input, "data { id }")).data.id);
  }
  const projectUuid = parseId("project", projectId);
  if (projectUuid === null) throw new Error("The project has no id.");
  return { path, workspaceId, projectId, projectUuid, agents, contexts };
}

/** The feed's present position. */
export async function projectCursor(url: string, key: string, path: string): Promise<string> {
  const { project } = await ask<{ project: { cursor: string } }>(
    url,
    key,
    "query ($path: String!) { project(path: $path) { cursor } }",
    { path },
  );
  return project.cursor;
}
