import type { TaskRunner } from "./task-runner.ts";

export interface Activity {
  /** Calls onActivate, unless the agent is active already. @throws what onActivate throws */
  enter(): Promise<void>;
  /** Calls onDeactivate as soon as no task is running, unless `enter` comes first. */
  leave(): Promise<void>;
}

/** Keeps onActivate and onDeactivate paired and one at a time, whatever the operator asks for meanwhile. */
export function createActivity(
  runner: Pick<TaskRunner, "idle">,
  hooks: { readonly activate: () => Promise<void>; readonly deactivate: () => Promise<void> },
): Activity {
  let wanted = false;
  let active = false;
  let last = Promise.resolve();
  let changed = Promise.withResolvers<void>();

  function want(value: boolean): void {
    if (wanted === value) return;
    wanted = value;
    changed.resolve();
    changed = Promise.withResolvers<void>();
  }
  const enqueue = (step: () => Promise<void>): Promise<void> => {
    const result = last.then(step);
    last = result.catch(() => {});
    return result;
  };

  return {
    enter() {
      want(true);
      return enqueue(async () => {
        if (active || !wanted) return;
        await hooks.activate();
        active = true;
      });
    },
    leave() {
      want(false);
      const entered = changed.promise;
      return enqueue(async () => {
        if (!wanted) await Promise.race([runner.idle(), entered]);
        if (!active || wanted) return;
        active = false;
        await hooks.deactivate();
      });
    },
  };
}
