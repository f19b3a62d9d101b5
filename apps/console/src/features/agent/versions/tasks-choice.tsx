"use client";
import type { RollbackTasks } from "#api/generated/graphql.ts";
import { ExplainedChoice } from "#components/explained-choice.tsx";

interface TasksChoiceProps {
  readonly tasks: RollbackTasks;
  readonly onChange: (tasks: RollbackTasks) => void;
  /** Whether DRAIN would restart it. */
  readonly restarts: boolean;
  readonly running: number;
}

/** What becomes of the process and its tasks in a rollback. */
export function TasksChoice({ tasks, onChange, restarts, running }: TasksChoiceProps) {
  const those = running === 1 ? "its running task has" : `its ${running} running tasks have`;
  const drained = !restarts
    ? "It is not restarted now: no process of it is at work, or another action is pending. The next one has everything."
    : running > 0
      ? `It takes no new task, and is restarted when ${those} ended, so that its next process has everything.`
      : "It is restarted at once, so that its next process has everything.";
  return (
    <ExplainedChoice<RollbackTasks>
      label="Running tasks"
      value={tasks}
      onChange={onChange}
      ways={[
        { value: "DRAIN", name: "Drain: finish running tasks first, then restart", means: drained },
        {
          value: "KEEP",
          name: "Keep: go on without a restart",
          means:
            "Its process hears of its contexts at once, and has the config and the rest when it starts the next time.",
        },
      ]}
    />
  );
}
