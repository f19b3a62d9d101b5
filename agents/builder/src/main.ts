import { defineAgent } from "@muster/agent/define-agent.ts";
import { ContextMemory } from "@muster/agent-toolkit/context-memory.ts";
import { shortSha } from "@muster/agent-toolkit/commit.ts";
import { KnowledgeMemory } from "@muster/agent-toolkit/knowledge/knowledge-memory.ts";
import { repositoryAgentHooks } from "@muster/agent-toolkit/repository-agent-hooks.ts";
import { repositoryTask } from "@muster/agent-toolkit/repository-task.ts";
import { gitVersion } from "@muster/agent-toolkit/tool-versions.ts";
import { version as esbuild } from "esbuild";
import typescript from "typescript/package.json" with { type: "json" };
import { planContextName, readPlan } from "./build-plan.ts";
import { buildCommit, type BuildOutput } from "./build-commit.ts";
import { planBuilds, writeFirstPlan } from "./plan-builds.ts";

const memory = new KnowledgeMemory();
const plan = new ContextMemory({ name: planContextName, shared: false }, readPlan);
const hooks = repositoryAgentHooks([memory, plan], async (signal) => {
  return { git: await gitVersion(signal), typescript: typescript.version, esbuild };
});

function describeBuild({ commit, steps, bundle, diagnosticCount }: BuildOutput): string {
  const done = bundle ? `${bundle.bytes} bytes` : steps.join(", ");
  const result = diagnosticCount > 0 ? `${diagnosticCount} errors` : done;
  return `built ${shortSha(commit)}: ${result}`;
}

await defineAgent({
  name: "builder",
  tasks: {
    build: repositoryTask(memory, (input, work) => buildCommit(input, work, () => plan.value), describeBuild),
    plan: planBuilds(plan),
  },
  ...hooks,
  async onActivate(tools) {
    await hooks.onActivate(tools);
    await writeFirstPlan(plan, tools);
  },
}).run();
