import { expect, test } from "vitest";
import { standingSteps } from "#features/agent/versions/standing-steps.ts";

const AT = "2026-11-21T14:00:00.000Z";
const PLAN = {
  id: "ctx_1",
  name: "plan",
  rollbackState: "PENDING",
  rollbackVersion: 43,
  rollbackPointer: 40,
  rollbackSince: AT,
  confirmations: [],
} as const;
const ROLLBACK = {
  at: AT,
  toBundle: 3,
  tasks: "DRAIN",
  state: "BUSY",
  activeTasks: 2,
  pendingAction: "RESTART",
  pendingSince: AT,
  connectedAt: "2026-11-21T13:00:00.000Z",
  versions: [{ context: "ctx_1", number: 43 }],
  contexts: [PLAN, { ...PLAN, id: "ctx_2", name: "other" }],
} as const;

test("tells what a rollback waits for", () => {
  expect(standingSteps(ROLLBACK).map(({ title, state, text }) => [title, state, text])).toEqual([
    ["Definition version, config and limits", "SUCCEEDED", "as they were at 3"],
    ["plan", "PENDING", "waits for its process to load version 43"],
    ["Its process", "PENDING", "finishes 2 tasks, then is restarted"],
  ]);
});

test.each([
  [{ connectedAt: "2026-11-21T14:00:05.000Z" }, "SUCCEEDED", "was started anew since"],
  [{ pendingAction: null, state: "DEPLOYING" }, "PENDING", "is being restarted"],
  [{ pendingAction: null, state: "OFFLINE" }, "SUCCEEDED", "is not at work; the next one has everything"],
  [
    { pendingAction: null, tasks: "KEEP" },
    "SUCCEEDED",
    "goes on, and has the config and the rest when it starts the next time",
  ],
  [{ pendingAction: null, state: "ERROR" }, "FAILED", "is in trouble: the reason stands above"],
  [{ pendingAction: null }, "FAILED", "was not restarted: restart it for the rest to be used"],
] as const)("of its process with %j says %s", (over, state, text) => {
  expect(standingSteps({ ...ROLLBACK, ...over }).at(-1)).toMatchObject({ state, text });
});

test("says why a context was not loaded", () => {
  const failed = { ...PLAN, rollbackState: "FAILED", confirmations: [{ error: "disk full" }] } as const;
  expect(standingSteps({ ...ROLLBACK, contexts: [failed] })[1]).toMatchObject({ state: "FAILED", text: "disk full" });
});
