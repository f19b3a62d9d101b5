import type { TaskHandler, Tools } from "@muster/agent/agent-definition.ts";
import { TaskFailure } from "@muster/agent/failure.ts";
import type { ContextMemory } from "@muster/agent-toolkit/context-memory.ts";
import { parseTaskInput } from "@muster/agent-toolkit/task-input.ts";
import { type BuildPlan, buildPlan } from "./build-plan.ts";

export type PlanMemory = ContextMemory<BuildPlan>;

/** A plan that was rolled back is not written again until somebody releases it. */
export class PlanHeld extends TaskFailure {
  constructor(cause: Error) {
    super(cause.message, { kind: "plan_held", retryable: false, cause });
  }
}

/**
 * The handler of tasks that change the builder's plan: builds follow it from their next step on, those that run included.
 *
 * @throws InvalidTaskInput, PlanHeld
 */
export function planBuilds(memory: PlanMemory): TaskHandler {
  return async (task, { contexts, log }) => {
    const plan = parseTaskInput(buildPlan, task.input);
    const message = `builds are to ${plan.steps.join(", then ")}`;
    try {
      const version = await memory.update(contexts, () => plan, message);
      log.info(message, { version });
      return { ...plan, version };
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "VERSION_HELD") throw new PlanHeld(error);
      throw error;
    }
  };
}

/** Writes the first version, so that there is a plan to go back to. A context that cannot be used keeps nobody from building. */
export async function writeFirstPlan(memory: PlanMemory, { contexts, log }: Tools): Promise<void> {
  try {
    await memory.update(contexts, (plan, isNew) => (isNew ? plan : undefined), "the plan of a new builder");
  } catch (error) {
    log.warn("the first plan could not be written", { error });
  }
}
