import { defineAgent } from "@muster/agent/define-agent.ts";
import { shortSha } from "@muster/agent-toolkit/commit.ts";
import { KnowledgeMemory } from "@muster/agent-toolkit/knowledge/knowledge-memory.ts";
import { repositoryAgentHooks } from "@muster/agent-toolkit/repository-agent-hooks.ts";
import { repositoryTask } from "@muster/agent-toolkit/repository-task.ts";
import { gitVersion } from "@muster/agent-toolkit/tool-versions.ts";
import { version as esbuild } from "esbuild";
import typescript from "typescript/package.json" with { type: "json" };
import { buildCommit, type BuildOutput } from "./build-commit.ts";

const memory = new KnowledgeMemory();

function describeBuild({ commit, bundle, diagnosticCount }: BuildOutput): string {
  const result = diagnosticCount > 0 ? `${diagnosticCount} errors` : `${bundle?.bytes} bytes`;
  return `built ${shortSha(commit)}: ${result}`;
}

await defineAgent({
  name: "builder",
  tasks: { build: repositoryTask(memory, buildCommit, describeBuild) },
  ...repositoryAgentHooks(memory, async (signal) => {
    return { git: await gitVersion(signal), typescript: typescript.version, esbuild };
  }),
}).run();
