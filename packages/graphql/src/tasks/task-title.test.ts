import { expect, it } from "vitest";
import { taskTitle } from "./task-title.ts";

it.each([
  [{ commit: "4f1c2ab000000000000000000000000000000000" }, "review 4f1c2ab"],
  [{ commit: "HEAD" }, "review HEAD"],
  [{ commit: "HEAD", title: "The plan" }, "review The plan"],
  [{ prompt: "First line\nsecond" }, "review First line"],
  [{ title: " ", commit: 5 }, "review"],
  [["commit"], "review"],
  ["text", "review"],
  [null, "review"],
])("the title of a task with the input %j is %s", (input, title) => {
  expect(taskTitle({ kind: "review", input })).toBe(title);
});

it("is never long", () => {
  expect(taskTitle({ kind: "review", input: { title: "x".repeat(1_000) } })).toHaveLength("review ".length + 60);
});
