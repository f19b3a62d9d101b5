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
  /** Agents that nobody but their processes moves. */
  readonly workers: readonly string[];
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
  counts: { readonly agents: number; readonly workers?: number; readonly contexts: number },
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
  const register = async (name: string) => {
    const input = { projectId, definitionSlug: "worker", name, maxConcurrency: 10 };
    return (await make<Created>("registerAgent", input, "data { id }")).data.id;
  };
  const [agents, workers, contexts]: [string[], string[], string[]] = [[], [], []];
  for (let number = 0; number < counts.agents; number += 1) agents.push(await register(`agent-${number}`));
  for (let number = 0; number < (counts.workers ?? 0); number += 1) workers.push(await register(`worker-${number}`));
  for (let number = 0; number < counts.contexts; number += 1) {
    const input = { projectId, name: `context-${number}` };
    contexts.push((await make<Created>("openContext", input, "data { id }")).data.id);
  }
  const projectUuid = parseId("project", projectId);
  if (projectUuid === null) throw new Error("The project has no id.");
  return { path, workspaceId, projectId, projectUuid, agents, workers, contexts };
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
