import { defineAgent } from "@muster/agent/define-agent.ts";
import { shortSha } from "@muster/agent-toolkit/commit.ts";
import { KnowledgeMemory } from "@muster/agent-toolkit/knowledge/knowledge-memory.ts";
import { repositoryAgentHooks } from "@muster/agent-toolkit/repository-agent-hooks.ts";
import { repositoryTask } from "@muster/agent-toolkit/repository-task.ts";
import { gitVersion } from "@muster/agent-toolkit/tool-versions.ts";
import oxlint from "oxlint/package.json" with { type: "json" };
import { reviewCommits, type ReviewOutput } from "./review-commits.ts";

const memory = new KnowledgeMemory();

function describeReview({ commit, commits, findingCount }: ReviewOutput): string {
  const before = commits.length > 1 ? ` and ${commits.length - 1} before it` : "";
  return `reviewed ${shortSha(commit)}${before}: ${findingCount} ${findingCount === 1 ? "finding" : "findings"}`;
}

await defineAgent({
  name: "reviewer",
  tasks: { review: repositoryTask(memory, reviewCommits, describeReview) },
  ...repositoryAgentHooks([memory], async (signal) => {
    return { git: await gitVersion(signal), oxlint: oxlint.version };
  }),
}).run();
