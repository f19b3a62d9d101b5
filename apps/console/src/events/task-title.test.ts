import { describe, expect, it } from "vitest";
import { spentText } from "#events/spent-text.ts";
import { taskTitle } from "#events/task-title.ts";

describe("a task's title", () => {
  it.each([
    [{ commit: "4f1c2ab000000000000000000000000000000000" }, "review 4f1c2ab"],
    [{ commit: "HEAD" }, "review HEAD"],
    [{ commit: "4f1c2ab000000000000000000000000000000000", title: "The plan" }, "review The plan"],
    [{ prompt: "First line\nsecond" }, "review First line"],
    [{ commit: 5 }, "review"],
    [{ commit: "" }, "review"],
    [["commit"], "review"],
    [null, "review"],
  ])("of %j is %s", (input, title) => {
    expect(taskTitle({ kind: "review", input })).toBe(title);
  });

  it("is never long", () => {
    expect(taskTitle({ kind: "review", input: { title: "x".repeat(1_000) } })).toHaveLength("review ".length + 60);
  });
});

describe("how long something took", () => {
  it.each([
    [0.4, "0 ms"],
    [340, "340 ms"],
    [999.6, "1.0 s"],
    [2_130, "2.1 s"],
    [9_949, "9.9 s"],
    [10_400, "10 s"],
    [134_000, "2 m 14 s"],
  ])("%d ms is %s", (milliseconds, text) => {
    expect(spentText(milliseconds)).toBe(text);
  });
});
