import { expect, it } from "vitest";
import { blockerWords } from "#features/tasks/blocker-words.ts";

it.each([
  [
    "It waits for task_01, which is RUNNING. It has to succeed.",
    ["It waits for ", { task: "task_01" }, ", which is running. It has to succeed."],
  ],
  [
    'The queue "q" was paused by Ada at 2026-11-21T19:14:11.691Z ("why"). Continue with resumeQueue.',
    ['The queue "q" was paused by Ada at ', { at: "2026-11-21T19:14:11.691Z" }, ' ("why").'],
  ],
  ["builder is suspended. Resume it with transitionAgent.", ["builder is suspended. Resume it."]],
  [
    "At most 3 are allowed. Wait, or raise maxRunning with updateQueue.",
    ["At most 3 are allowed. Wait, or raise maxRunning."],
  ],
  [
    'No agent can do "paint". Register one with this capability.',
    ['No agent can do "paint". Register one with this capability.'],
  ],
])("says %s", (message, words) => {
  expect(blockerWords(message)).toEqual(words);
});
