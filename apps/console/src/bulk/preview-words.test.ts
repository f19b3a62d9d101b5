import { describe, expect, it } from "vitest";
import type { BulkPreview } from "#bulk/bulk-preview.ts";
import type { BulkSubject } from "#bulk/bulk-request.ts";
import { previewText } from "#bulk/preview-words.ts";

const suspend: BulkSubject = { what: "agents", action: "SUSPEND" };
const found = (preview: Partial<BulkPreview>): BulkPreview => ({
  count: 3,
  countIsCapped: false,
  sample: [],
  states: null,
  ...preview,
});

describe("of agents", () => {
  const idle = { state: "IDLE", count: 2, allowed: true, draining: 0 } as const;
  const busy = { state: "BUSY", count: 1, allowed: true, draining: 1 } as const;
  const suspended = { state: "SUSPENDED", count: 1, allowed: false, draining: 0 } as const;

  it("says how many will, wait and are skipped", () => {
    expect(previewText(suspend, found({ count: 2, states: [idle] }), "DRAIN")).toBe("2 agents will be suspended.");
    expect(previewText(suspend, found({ count: 4, states: [busy, idle, suspended] }), "DRAIN")).toBe(
      "3 of 4 agents will be suspended. 1 of them finishes its tasks first. The others cannot be, as they are now, and are skipped: 1 suspended.",
    );
    expect(previewText(suspend, found({ count: 3, states: [busy, idle] }), "NOW")).toBe("3 agents will be suspended.");
  });

  it("says that none can", () => {
    expect(previewText(suspend, found({ count: 1, states: [suspended] }), "DRAIN")).toBe(
      "None of the 1 agent can be suspended now: 1 suspended.",
    );
  });
});

it("says it of tasks, of nothing and of too many", () => {
  const cancel: BulkSubject = { what: "tasks", action: "CANCEL" };
  expect(previewText(cancel, found({ count: 1 }), "DRAIN")).toBe(
    "1 task will be cancelled. Those that run are asked to stop first.",
  );
  expect(previewText({ what: "tasks", action: "RETRY" }, found({ count: 1_200 }), "DRAIN")).toBe(
    "1,200 tasks will be run again. Each becomes a new task with the same input.",
  );
  expect(previewText(cancel, found({ count: 0 }), "DRAIN")).toBe("No task matches any more. There is nothing to do.");
  expect(previewText(cancel, found({ count: 1_000_000, countIsCapped: true }), "DRAIN")).toContain("Narrow the filter");
});
