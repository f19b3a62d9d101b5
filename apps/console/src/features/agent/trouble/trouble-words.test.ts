import { expect, test } from "vitest";
import { failuresText, lostText } from "#features/agent/trouble/trouble-words.ts";

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 14) + seconds * 1_000).toISOString();

test("says how often it failed, and how close together", () => {
  expect(failuresText(1, [at(0)])).toBeNull();
  expect(failuresText(13, [at(0), at(30), at(90)])).toBe(
    "It is the 13th time that it failed, the last 3 within 1 m 30 s.",
  );
  expect(failuresText(2, [at(0), at(20)])).toBe("It is the 2nd time that it failed, all 2 within 20 s.");
  expect(failuresText(3, [at(0), at(90_000)])).toBe("It is the 3rd time that it failed.");
});

test.each([
  [[], null],
  [["SUCCEEDED"], "It lost a task: it succeeded elsewhere."],
  [["QUEUED"], "It lost a task: it waits for an agent."],
  [["RUNNING", "RUNNING"], "It lost 2 tasks: both run again."],
  [["SUCCEEDED", "QUEUED", "QUEUED"], "It lost 3 tasks: 1 succeeded elsewhere, 2 wait for an agent."],
  [["FAILED", "FAILED", "FAILED"], "It lost 3 tasks: all of them failed for good."],
])("says what became of tasks that are %j", (states, text) => {
  expect(lostText(states.map((state, index) => ({ id: String(index), state })))).toBe(text);
});
