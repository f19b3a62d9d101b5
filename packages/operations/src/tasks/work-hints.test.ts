import { describe, expect, it } from "vitest";
import { type LocalHint, moveKey } from "./local-work.ts";
import { type HintEvent, WorkHints } from "./work-hints.ts";

const QUEUED = { action: "CREATE", from: null, to: "QUEUED" };
const COMPLETED = { action: "COMPLETE", from: "RUNNING", to: "SUCCEEDED" };

function moved(subjectId: string, subjectVersion: number, payload: HintEvent["payload"]): HintEvent {
  return { type: "task.transitioned", projectId: "p", agentId: "a", subjectId, subjectVersion, payload };
}

function said(taskId: string, version: number, ready: boolean): LocalHint {
  const moves = new Map([[moveKey(taskId, version), ready]]);
  return { projectId: "p", agentIds: new Set(), ready, fresh: [], released: new Map(), moves };
}

/** Hints, and what they tell: `ready` of each. */
function listening() {
  const hints = new WorkHints();
  const told: boolean[] = [];
  hints.onWork("p", ({ ready }) => told.push(ready));
  return { hints, told };
}

describe("hints of work", () => {
  it("are given once for what this process has told already, however often", () => {
    const { hints, told } = listening();
    hints.hear(said("t", 1, true));
    hints.hear(said("t", 4, false));
    expect(told).toEqual([true, false]);
    hints.observe([moved("t", 1, QUEUED), moved("t", 4, COMPLETED)]);
    expect(told).toEqual([true, false]);
  });

  it("are given for moves of other processes, and other moves of the same task", () => {
    const { hints, told } = listening();
    hints.hear(said("t", 1, true));
    hints.observe([moved("u", 1, QUEUED)]);
    hints.observe([moved("t", 3, QUEUED)]);
    hints.observe([moved("t", 5, COMPLETED)]);
    expect(told).toEqual([true, true, true, false]);
  });

  it("are given again when the event says that others may have become ready", () => {
    const { hints, told } = listening();
    hints.hear(said("t", 4, false));
    hints.observe([moved("t", 4, { ...COMPLETED, followUp: true })]);
    expect(told).toEqual([false, true]);
  });

  it("are given again rather than kept in mind for ever", () => {
    const { hints, told } = listening();
    hints.hear(said("first", 1, true));
    for (let n = 0; n < 25_000; n += 1) hints.hear(said(`task ${n}`, 1, true));
    const before = told.length;
    hints.observe([moved("task 24999", 1, QUEUED)]);
    expect(told.length).toBe(before);
    hints.observe([moved("first", 1, QUEUED)]);
    expect(told.length).toBe(before + 1);
  });
});
