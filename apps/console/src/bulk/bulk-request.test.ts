import { expect, it } from "vitest";
import { type BulkSubject, bulkTitle, doneText, needsCount } from "#bulk/bulk-request.ts";

it.each([
  [{ what: "agents", action: "SUSPEND" }, 12, "Suspend 12 agents", "suspended"],
  [{ what: "agents", action: "STOP" }, 1_284, "Stop 1,284 agents", "stopped"],
  [{ what: "tasks", action: "CANCEL" }, 1, "Cancel 1 task", "cancelled"],
  [{ what: "tasks", action: "RETRY" }, 2, "Run 2 tasks again", "run again"],
  [{ what: "tasks", action: "RETRY" }, null, "Run tasks again", "run again"],
] satisfies [BulkSubject, number | null, string, string][])("%j of %j reads %j", (subject, count, title, done) => {
  expect(bulkTitle(subject, count)).toBe(title);
  expect(doneText(subject)).toBe(done);
});

it("has the count typed for many, and for what cannot be taken back", () => {
  expect(needsCount({ what: "agents", action: "STOP" }, 100)).toBe(false);
  expect(needsCount({ what: "agents", action: "STOP" }, 101)).toBe(true);
  expect(needsCount({ what: "agents", action: "DECOMMISSION" }, 1)).toBe(true);
});
