import { describe, expect, it } from "vitest";
import type { AgentState } from "#api/generated/graphql.ts";
import { stateSpans, type Transition } from "#components/state-spans.ts";

/** Times are in seconds after this. */
const START = Date.parse("2026-11-21T06:00:00.000Z");
const at = (second: number) => new Date(START + second * 1_000).toISOString();

let number = 0;
function moved(second: number, from: AgentState, to: AgentState, lasted: number | null = null): Transition {
  number += 1;
  return { id: `event_${number}`, at: at(second), from, to, durationMs: lasted === null ? null : lasted * 1_000 };
}

function spans(transitions: readonly Transition[], state: AgentState, since: number, from = 0, to = 100) {
  const found = stateSpans(transitions, { state, stateSince: at(since) }, START + from * 1_000, START + to * 1_000);
  return found.map((span) => [span.state, (span.from - START) / 1_000, (span.to - START) / 1_000]);
}

describe("an agent's states over time", () => {
  it("is its present state when it has not moved", () => {
    expect(spans([], "IDLE", -500)).toEqual([["IDLE", 0, 100]]);
  });

  it("knows nothing of the time before it existed", () => {
    expect(spans([], "REGISTERED", 40)).toEqual([["REGISTERED", 40, 100]]);
  });

  it("goes from state to state, whatever the order of the events, each of them once", () => {
    const first = moved(10, "ONLINE", "BUSY", 30);
    const second = moved(25, "BUSY", "IDLE", 15);
    const expected = [
      ["ONLINE", 0, 10],
      ["BUSY", 10, 25],
      ["IDLE", 25, 100],
    ];
    expect(spans([first, second], "IDLE", 25)).toEqual(expected);
    expect(spans([second, first, second], "IDLE", 25)).toEqual(expected);
  });

  it("leaves out what came before the window, and cuts what began there", () => {
    const transitions = [
      moved(-90, "ONLINE", "BUSY", 5),
      moved(-20, "BUSY", "IDLE", 70),
      moved(50, "IDLE", "BUSY", 70),
    ];
    expect(spans(transitions, "BUSY", 50)).toEqual([
      ["IDLE", 0, 50],
      ["BUSY", 50, 100],
    ]);
  });

  it("shows the present state alone when all transitions came before the window", () => {
    expect(spans([moved(-90, "ONLINE", "BUSY", 5), moved(-20, "BUSY", "IDLE", 70)], "IDLE", -20)).toEqual([
      ["IDLE", 0, 100],
    ]);
  });

  it("does not look into what came after the window", () => {
    const transitions = [moved(50, "IDLE", "BUSY", 70), moved(150, "BUSY", "ERROR", 100)];
    expect(spans(transitions, "ERROR", 150)).toEqual([
      ["IDLE", 0, 50],
      ["BUSY", 50, 100],
    ]);
  });

  it("goes back no further than the first event says", () => {
    expect(spans([moved(50, "ONLINE", "BUSY", 20)], "BUSY", 50)).toEqual([
      ["ONLINE", 30, 50],
      ["BUSY", 50, 100],
    ]);
    expect(spans([moved(50, "ONLINE", "BUSY")], "BUSY", 50)).toEqual([["BUSY", 50, 100]]);
  });

  it("leaves a gap where transitions are missing", () => {
    expect(spans([moved(10, "ONLINE", "BUSY", 10), moved(60, "IDLE", "BUSY", 20)], "BUSY", 60)).toEqual([
      ["ONLINE", 0, 10],
      ["IDLE", 40, 60],
      ["BUSY", 60, 100],
    ]);
  });

  it("shows no gap while the newest event is still on its way", () => {
    expect(spans([moved(10, "ONLINE", "IDLE", 10)], "BUSY", 90)).toEqual([
      ["ONLINE", 0, 10],
      ["IDLE", 10, 90],
      ["BUSY", 90, 100],
    ]);
  });

  it("never overlaps when clocks disagree", () => {
    const transitions = [
      moved(40, "ONLINE", "BUSY", 90),
      moved(30, "BUSY", "IDLE", 60),
      moved(70, "IDLE", "BUSY", 500),
    ];
    expect(spans(transitions, "BUSY", 20)).toEqual([
      ["ONLINE", 0, 40],
      ["IDLE", 40, 70],
      ["BUSY", 70, 100],
    ]);
  });

  it("is empty when the reader's clock is behind all that happened", () => {
    expect(spans([], "IDLE", 130)).toEqual([]);
  });

  it("is one span while the state does not change", () => {
    expect(spans([moved(40, "DEPLOYING", "DEPLOYING", 40)], "DEPLOYING", 40)).toEqual([["DEPLOYING", 0, 100]]);
  });

  it("orders what happened in the same millisecond by its number", () => {
    const first = moved(40, "ONLINE", "BUSY", 40);
    const second = moved(40, "BUSY", "IDLE", 0);
    expect(spans([second, first], "IDLE", 40)).toEqual([
      ["ONLINE", 0, 40],
      ["IDLE", 40, 100],
    ]);
  });
});
