import { describe, expect, it } from "vitest";
import { type Answer, confirmedText, rollbackSteps, stepsToShow } from "#features/contexts/rollback-steps.ts";

const since = "2026-11-21T10:00:00.000Z";
const answer = (
  name: string,
  state: Answer["state"],
  answeredAt: string | null = null,
  error: string | null = null,
) => ({
  agent: { id: `agent_${name}`, name, state: "IDLE" as const, activeTasks: 0, pendingAction: null },
  state,
  answeredAt,
  error,
});
const answers = [
  answer("viola", "PENDING"),
  answer("cello", "SUCCEEDED", "2026-11-21T10:00:00.400Z"),
  answer("violin", "FAILED", "2026-11-21T10:00:02Z", "no memory"),
];

describe("rollbackSteps", () => {
  it("has a step for each agent, by name, with the time that it took", () => {
    const steps = rollbackSteps({ state: "PENDING", since, answers, left: ["bass"] });
    expect(steps.map(({ name, kind, afterMs }) => [name, kind, afterMs])).toEqual([
      ["bass", "left", null],
      ["cello", "confirmed", 400],
      ["viola", "waiting", null],
      ["violin", "failed", 2_000],
    ]);
    expect(confirmedText(steps)).toBe("1 of 3 confirmed");
  });

  it("waits for nobody once the rollback is over", () => {
    const steps = rollbackSteps({ state: "FAILED", since, answers, left: [] });
    expect(steps.find(({ name }) => name === "viola")?.kind).toBe("unanswered");
    expect(confirmedText(rollbackSteps({ state: "SUCCEEDED", since, answers: [], left: ["bass"] }))).toBe(
      "No running agent had to confirm",
    );
  });

  it("says what agents do that are waited for", () => {
    const waiting = (agent: Partial<Answer["agent"]>) => {
      const base = answer("viola", "PENDING");
      const each = { ...base, agent: { ...base.agent, ...agent } };
      return rollbackSteps({ state: "PENDING", since, answers: [each], left: [] })[0]?.meanwhile?.does;
    };
    expect(waiting({})).toBe("has yet to load it");
    expect(waiting({ state: "BUSY", activeTasks: 1 })).toBe("has a task running");
    expect(waiting({ state: "BUSY", activeTasks: 2, pendingAction: "RESTART" })).toBe(
      "is finishing 2 tasks before it restarts",
    );
    expect(waiting({ state: "DEPLOYING" })).toBe("is starting");
    expect(waiting({ state: "UNRESPONSIVE" })).toBe("does not give any sign of life");
  });

  it("shows those that are waited for first when there are many", () => {
    const many = Array.from({ length: 100 }, (_, at) => answer(`a${at}`, at === 99 ? "PENDING" : "SUCCEEDED", since));
    const shown = stepsToShow(rollbackSteps({ state: "PENDING", since, answers: many, left: [] }));
    expect(shown).toHaveLength(40);
    expect(shown[0]).toMatchObject({ name: "a99", kind: "waiting" });
  });
});
