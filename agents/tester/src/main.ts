import { defineAgent } from "@muster/agent/define-agent.ts";
import { shortSha } from "@muster/agent-toolkit/commit.ts";
import { KnowledgeMemory } from "@muster/agent-toolkit/knowledge/knowledge-memory.ts";
import { repositoryAgentHooks } from "@muster/agent-toolkit/repository-agent-hooks.ts";
import { repositoryTask } from "@muster/agent-toolkit/repository-task.ts";
import { gitVersion, programVersion } from "@muster/agent-toolkit/tool-versions.ts";
import { testCommit, type TestOutput } from "./test-commit.ts";

const memory = new KnowledgeMemory();

function describeTest({ commit, passed, failed, regression }: TestOutput): string {
  const result = failed > 0 ? `${failed} failed` : `${passed} passed`;
  return `tested ${shortSha(commit)}: ${result}${regression ? ", a regression" : ""}`;
}

await defineAgent({
  name: "tester",
  tasks: {
    test: repositoryTask(memory, (input, work) => testCommit(input, work, () => memory.knowledge), describeTest),
  },
  ...repositoryAgentHooks([memory], async (signal) => {
    const [git, npm] = await Promise.all([gitVersion(signal), programVersion("npm", signal)]);
    return { git, npm, node: process.versions.node };
  }),
}).run();
