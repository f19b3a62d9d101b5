import { describe, expect, it } from "vitest";
import { type Answer, confirmedText, rollbackSteps } from "#features/contexts/rollback-steps.ts";

const since = "2026-11-21T10:00:00.000Z";
const answer = (
  name: string,
  state: Answer["state"],
  answeredAt: string | null = null,
  error: string | null = null,
) => ({
  agent: { id: `agent_${name}`, name },
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
});
