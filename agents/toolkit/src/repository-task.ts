import type { TaskHandler } from "@muster/agent/agent-definition.ts";
import type { KnowledgeMemory } from "./knowledge/knowledge-memory.ts";
import type { Learned } from "./knowledge/merge-knowledge.ts";
import { parseConfiguration } from "./task-input.ts";
import type { Work } from "./work.ts";

/**
 * Makes a task handler of a function that works on a repository: what it learned goes to the shared context, with a message
 * made from its output. A context that cannot be written does not undo the work: that is logged only.
 */
export function repositoryTask<Output>(
  memory: KnowledgeMemory,
  run: (input: unknown, work: Work) => Promise<{ output: Output; learned: Learned }>,
  describe: (output: Output) => string,
): TaskHandler {
  return async (task, tools) => {
    const { repository, timeoutMs } = parseConfiguration(tools.agent.config);
    const progress = (fraction: number, message: string) => void tools.progress(fraction, message);
    const { output, learned } = await run(task.input, { repository, timeoutMs, signal: tools.signal, progress });
    tools.signal.throwIfAborted();
    const message = describe(output);
    tools.log.info(message, { taskId: task.id });
    try {
      await memory.learn(tools.contexts, learned, message);
    } catch (error) {
      tools.log.warn("what was learned could not be written", { taskId: task.id, error });
    }
    return output;
  };
}
