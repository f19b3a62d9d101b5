import { builder } from "../builder.ts";
import { taskFields } from "../tasks/create-task-input.ts";

export const ScheduleTaskInputType = builder.inputType("ScheduleTaskInput", {
  description: "What the tasks of a schedule are like.",
  fields: (t) => ({
    ...taskFields(t),
    input: t.field({ type: "JSON", required: true, description: "What the agent gets; at most 64 KiB of JSON." }),
    expiresAfterMs: t.float({
      description:
        "It expires when it has not been started so many milliseconds after it was created, 10,000 to a year; never without it.",
    }),
  }),
});
