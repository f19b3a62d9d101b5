import { expect, it } from "vitest";
import { issuesAt } from "#features/schedules/schedule-form.ts";

it("puts issues at their fields, those of the template with their place in it", () => {
  expect(
    issuesAt([
      { path: ["cron"], message: "is no cron expression." },
      { path: ["task", "maxFailures"], message: "must be at least 1." },
      { path: ["task", "kind"], message: "is missing." },
      { path: ["projectId"], message: "is unknown." },
    ]),
  ).toEqual({
    fields: { cron: "Is no cron expression.", task: "maxFailures must be at least 1. kind is missing." },
    rest: ["projectId is unknown."],
  });
});
