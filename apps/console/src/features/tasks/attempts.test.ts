import { describe, expect, it } from "vitest";
import type { TaskState } from "#api/generated/graphql.ts";
import { attemptsOf, timeIn, type TaskMove } from "#features/tasks/attempts.ts";

const agent = { id: "agent_1", name: "tester" };
const START = Date.parse("2026-11-21T10:00:00.000Z");
const time = (seconds: number) => new Date(START + seconds * 1_000).toISOString();

/** Moves at seconds: each [when, to, attempt]. */
function moves(...steps: readonly (readonly [number, TaskState, number, Partial<TaskMove>?])[]): TaskMove[] {
  return steps.map(([at, to, attempt, more], place) => ({
    id: `event_${place}`,
    at: time(at),
    from: steps[place - 1]?.[1] ?? null,
    to,
    attempt,
    durationMs: place === 0 ? null : (at - (steps[place - 1]?.[0] ?? 0)) * 1_000,
    agent: attempt > 0 ? agent : null,
    error: null,
    reason: null,
    ...more,
  }));
}
const shown = (attempts: ReturnType<typeof attemptsOf>) =>
  attempts.map(({ number, outcome, phases }) => [
    number,
    outcome,
    phases
      .map(({ kind, from, to }) => `${kind} ${(from - START) / 1_000}–${to === null ? "" : (to - START) / 1_000}`)
      .join(", "),
  ]);

describe("the attempts at a task", () => {
  it("are told from its moves", () => {
    const attempts = attemptsOf(
      moves([0, "QUEUED", 0], [2, "ASSIGNED", 1], [3, "RUNNING", 1], [9, "SUCCEEDED", 1]),
      time(0),
    );
    expect(shown(attempts)).toEqual([[1, "succeeded", "queued 0–2, offered 2–3, running 3–9"]]);
    expect(attempts[0]).toMatchObject({ agent, endedBy: "event_3" });
  });

  it("go on while the task does", () => {
    expect(shown(attemptsOf(moves([0, "WAITING", 0]), time(0)))).toEqual([[null, null, "waiting 0–"]]);
    expect(shown(attemptsOf(moves([0, "QUEUED", 0], [2, "ASSIGNED", 1], [3, "RUNNING", 1]), time(0)))).toEqual([
      [1, null, "queued 0–2, offered 2–3, running 3–"],
    ]);
  });

  it("begin anew after a failure, with the wait before it", () => {
    const error = { kind: "timeout", message: "too long" };
    const attempts = attemptsOf(
      moves(
        [0, "QUEUED", 0],
        [1, "ASSIGNED", 1],
        [1, "RUNNING", 1],
        [5, "QUEUED", 1, { error }],
        [12, "ASSIGNED", 2],
        [12, "RUNNING", 2],
      ),
      time(9),
    );
    expect(shown(attempts)).toEqual([
      [1, "failed", "queued 0–1, offered 1–1, running 1–5"],
      [2, null, "backoff 5–9, queued 9–12, offered 12–12, running 12–"],
    ]);
    expect(attempts[0]?.error).toEqual(error);
  });

  it("do not pretend to know how long an earlier backoff was", () => {
    const failed = (at: number, attempt: number) => [at, "QUEUED", attempt] as const;
    const attempts = attemptsOf(
      moves(
        [0, "QUEUED", 0],
        [1, "ASSIGNED", 1],
        [1, "RUNNING", 1],
        failed(2, 1),
        [5, "ASSIGNED", 2],
        [5, "RUNNING", 2],
        failed(6, 2),
      ),
      time(8),
    );
    expect(shown(attempts).slice(1)).toEqual([
      [2, "failed", "again 2–5, offered 5–5, running 5–6"],
      [null, null, "backoff 6–8, queued 8–"],
    ]);
  });

  it("tell a wait for its time from one for an agent, also while it lasts", () => {
    expect(shown(attemptsOf(moves([0, "QUEUED", 0]), time(60)))).toEqual([[null, null, "delayed 0–60, queued 60–"]]);
  });

  it("count one that was taken back as an attempt, and not as a failure", () => {
    const taken = moves([0, "QUEUED", 0], [1, "ASSIGNED", 1], [31, "QUEUED", 1]);
    expect(shown(attemptsOf(taken, time(0)))).toEqual([
      [1, "returned", "queued 0–1, offered 1–31"],
      [null, null, "queued 31–"],
    ]);
  });

  it("end with a cancellation or a deadline, whether an agent had it or not", () => {
    const asked = moves(
      [0, "QUEUED", 0],
      [1, "ASSIGNED", 1],
      [2, "RUNNING", 1],
      [3, "CANCELLING", 1],
      [8, "CANCELLED", 1, { reason: "not needed" }],
    );
    expect(shown(attemptsOf(asked, time(0)))).toEqual([
      [1, "cancelled", "queued 0–1, offered 1–2, running 2–3, stopping 3–8"],
    ]);
    expect(attemptsOf(asked, time(0))[0]?.error?.message).toBe("not needed");
    expect(shown(attemptsOf(moves([0, "WAITING", 0], [4, "EXPIRED", 0]), time(0)))).toEqual([
      [null, "expired", "waiting 0–4"],
    ]);
  });

  it("are told as far as is known, when retention has removed the first events", () => {
    const late = moves([0, "QUEUED", 0], [2, "ASSIGNED", 7], [3, "RUNNING", 7], [9, "FAILED", 7]).slice(2);
    expect(shown(attemptsOf(late, time(0)))).toEqual([[7, "failed", "offered 2–3, running 3–9"]]);
  });

  it("say how long they took", () => {
    const [attempt] = attemptsOf(moves([0, "QUEUED", 0], [2, "ASSIGNED", 1], [3, "RUNNING", 1]), time(0));
    expect(timeIn(attempt!, new Set(["running"]), START + 10_000)).toBe(7_000);
    expect(timeIn(attempt!, new Set(["queued", "offered"]), START + 10_000)).toBe(3_000);
  });
});
