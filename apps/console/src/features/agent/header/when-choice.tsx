"use client";
import type { TransitionMode } from "#api/generated/graphql.ts";
import { ExplainedChoice } from "#components/explained-choice.tsx";

interface WhenChoiceProps {
  readonly mode: TransitionMode;
  readonly onChange: (mode: TransitionMode) => void;
  readonly activeTasks: number;
}

/** Whether an action waits for the tasks that the agent runs. */
export function WhenChoice({ mode, onChange, activeTasks }: WhenChoiceProps) {
  const tasks = activeTasks === 1 ? "running task" : `${activeTasks} running tasks`;
  return (
    <ExplainedChoice<TransitionMode>
      label="When"
      value={mode}
      onChange={onChange}
      ways={[
        {
          value: "DRAIN",
          name: "Drain: finish running tasks first",
          means: `It takes no new task; the action fires when its ${tasks} ${activeTasks === 1 ? "has" : "have"} ended.`,
        },
        {
          value: "NOW",
          name: "Now",
          means: `Its ${tasks} ${activeTasks === 1 ? "goes" : "go"} back to the queue, or ${activeTasks === 1 ? "fails by its" : "fail by their"} retry policy.`,
        },
      ]}
    />
  );
}
