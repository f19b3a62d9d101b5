import { type CronPreview, MOST_PREVIEWED, previewCron } from "@muster/operations/schedules/preview-cron.ts";
import { builder } from "../builder.ts";
import { InputIssueType } from "../errors.ts";

const CronPreviewType = builder.objectRef<CronPreview>("CronPreview").implement({
  permission: "task.read",
  description: "What a cron expression says.",
  fields: (t) => ({
    times: t.field({
      type: ["DateTime"],
      description: "Its next times; none when it is wrong.",
      resolve: ({ times }) => [...times],
    }),
    issues: t.field({
      type: [InputIssueType],
      description: "What is wrong with the expression or the time zone.",
      resolve: ({ issues }) => [...issues],
    }),
  }),
});

builder.queryField("cronPreview", (t) =>
  t.field({
    type: CronPreviewType,
    permission: "task.read",
    description: "When a schedule with this expression would create its next tasks.",
    args: {
      cron: t.arg.string({ required: true, description: "The expression, as for createSchedule." }),
      timeZone: t.arg.string({ required: true, defaultValue: "UTC", description: "The time zone that it goes by." }),
      count: t.arg.int({ required: true, defaultValue: 5, description: `How many times, 1 to ${MOST_PREVIEWED}.` }),
    },
    complexity: ({ count }) => ({ field: 1 + Math.max(0, Math.min(count, MOST_PREVIEWED)), multiplier: 1 }),
    resolve: (_root, input, { caller }) => previewCron(caller, input),
  }),
);
