import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createDemoRepository } from "@muster/agent-repository/create-repository.ts";
import { WORKING_STATES } from "@muster/domain/agent-lifecycle.ts";
import type { Agent } from "@muster/operations/agents/agent.ts";
import { listAgents } from "@muster/operations/agents/agent-queries.ts";
import { registerAgent } from "@muster/operations/agents/register-agent.ts";
import { transitionAgent } from "@muster/operations/agents/transition-agent.ts";
import { systemCaller } from "@muster/operations/authorize.ts";
import { createProject } from "@muster/operations/projects/create-project.ts";
import { createWorkspace } from "@muster/operations/projects/create-workspace.ts";
import { findProject, findWorkspace } from "@muster/operations/projects/project-queries.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { countTasksByState } from "@muster/operations/tasks/task-queries.ts";
import { createTasks } from "@muster/operations/tasks/create-tasks.ts";

/** The shipped agents, and the kind of task that each takes. */
const AGENTS = [
  { name: "builder", kind: "build" },
  { name: "tester", kind: "test" },
  { name: "reviewer", kind: "review" },
] as const;

const AGENTS_UP_WITHIN_MS = 4_000;
const caller = systemCaller("demo");

export interface Demo {
  readonly projectId: string;
  /** Creates the next commit's tasks, unless the agents have enough to do. */
  feed(): Promise<void>;
}

/**
 * Makes sure that the project demo/app is there, with its repository and three agents, and starts agents that have never
 * run. Agents that ran before are the supervisor's to start again.
 */
export async function prepareDemo(runtime: Runtime, dataDir: string): Promise<Demo> {
  const [repository, projectId] = await Promise.all([
    createDemoRepository(join(dataDir, "repository")),
    demoProject(runtime),
  ]);
  const known = new Map((await agentsOf(runtime, projectId)).map((agent) => [agent.name, agent]));
  for (const { name } of AGENTS) {
    const agent =
      known.get(name) ??
      (
        await registerAgent(runtime, caller, {
          projectId,
          definitionSlug: name,
          name,
          config: { repository: repository.path },
          labels: { team: "demo" },
        })
      ).agent;
    if (agent.version === 1) {
      await transitionAgent(runtime, caller, { agentId: agent.id, action: "START", reason: "first start of the demo" });
    }
  }

  const commits = repository.commits.map((commit) => commit.sha);
  let round = 0;
  return {
    projectId,
    async feed() {
      const counts = await countTasksByState(runtime, caller, [projectId], {
        states: ["QUEUED", "ASSIGNED", "RUNNING"],
      });
      const waiting = counts.get(projectId) ?? [];
      if (waiting.reduce((sum, { count }) => sum + count, 0) > AGENTS.length) return;
      const commit = commits[round % commits.length];
      round += 1;
      if (commit === undefined) return;
      await createTasks(runtime, caller, {
        tasks: AGENTS.map(({ kind }) => ({
          projectId,
          kind,
          input: kind === "review" ? { commit, count: 3 } : { commit },
        })),
      });
    },
  };
}

/** The demo's agents and their states, as soon as all are up, or after a few seconds. */
export async function demoAgents(runtime: Runtime, demo: Demo): Promise<{ name: string; state: string }[]> {
  const deadline = performance.now() + AGENTS_UP_WITHIN_MS;
  for (;;) {
    const agents = (await agentsOf(runtime, demo.projectId)).map(({ name, state }) => ({ name, state }));
    if (
      performance.now() > deadline ||
      agents.every(({ state }) => WORKING_STATES.some((working) => working === state))
    )
      return agents;
    await sleep(100);
  }
}

async function agentsOf(runtime: Runtime, projectId: string): Promise<Agent[]> {
  const pages = await listAgents(runtime, caller, { projectIds: [projectId] }, { page: { first: 200 } });
  return pages.get(projectId)?.edges.map(({ node }) => node) ?? [];
}

async function demoProject(runtime: Runtime): Promise<string> {
  const project = await findProject(runtime, caller, "demo/app");
  if (project) return project.id;
  const workspace =
    (await findWorkspace(runtime, caller, "demo")) ??
    (await createWorkspace(runtime, caller, { slug: "demo", name: "Demo" }));
  return (await createProject(runtime, caller, { workspaceId: workspace.id, slug: "app", name: "App" })).id;
}
