import type { RollbackState } from "#api/generated/graphql.ts";

export interface Answer {
  readonly agent: { readonly id: string; readonly name: string };
  readonly state: RollbackState;
  readonly error: string | null;
  readonly answeredAt: string | null;
}

/** What is known of a rollback and the agents that were asked. */
export interface Rollback {
  readonly state: RollbackState;
  readonly since: string;
  readonly answers: readonly Answer[];
  /** Agents that were asked, and stopped running before they answered. */
  readonly left: readonly string[];
}

/** How it stands with one agent. */
export interface AgentStep {
  /** Null when only its name is known. */
  readonly agentId: string | null;
  readonly name: string;
  readonly kind: "confirmed" | "waiting" | "failed" | "unanswered" | "left";
  /** How long it took to answer, in milliseconds. */
  readonly afterMs: number | null;
  readonly error: string | null;
}

/** A step for each agent that a rollback asked, by name. */
export function rollbackSteps({ state, since, answers, left }: Rollback): AgentStep[] {
  const answered = answers.map((answer): AgentStep => {
    const kind =
      answer.state === "SUCCEEDED"
        ? "confirmed"
        : answer.state === "FAILED"
          ? "failed"
          : state === "PENDING"
            ? "waiting"
            : "unanswered";
    return {
      agentId: answer.agent.id,
      name: answer.agent.name,
      kind,
      afterMs: answer.answeredAt === null ? null : Math.max(0, Date.parse(answer.answeredAt) - Date.parse(since)),
      error: answer.error,
    };
  });
  const gone = left.map((name): AgentStep => ({ agentId: null, name, kind: "left", afterMs: null, error: null }));
  return [...answered, ...gone].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** "2 of 3 confirmed". Agents that left are not counted. */
export function confirmedText(steps: readonly AgentStep[]): string {
  const asked = steps.filter(({ kind }) => kind !== "left");
  if (asked.length === 0) return "No running agent had to confirm";
  return `${asked.filter(({ kind }) => kind === "confirmed").length} of ${asked.length} confirmed`;
}
