import type { AgentAction, AgentState, RollbackState } from "#api/generated/graphql.ts";

export interface Answer {
  readonly agent: {
    readonly id: string;
    readonly name: string;
    readonly state: AgentState;
    readonly activeTasks: number;
    readonly pendingAction: AgentAction | null;
  };
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
  /** Of one that is waited for: what it does meanwhile, and what that means. */
  readonly meanwhile: Meanwhile | null;
}

interface Meanwhile {
  /** What follows the agent's name. */
  readonly does: string;
  readonly means: string;
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
      meanwhile: kind === "waiting" ? meanwhileOf(answer.agent) : null,
    };
  });
  const gone = left.map((name): AgentStep => ({
    agentId: null,
    name,
    kind: "left",
    afterMs: null,
    error: null,
    meanwhile: null,
  }));
  return [...answered, ...gone].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** "2 of 3 confirmed". Agents that left are not counted. */
export function confirmedText(steps: readonly AgentStep[]): string {
  const asked = steps.filter(({ kind }) => kind !== "left");
  if (asked.length === 0) return "No running agent had to confirm";
  return `${asked.filter(({ kind }) => kind === "confirmed").length} of ${asked.length} confirmed`;
}

/** So many agents are shown: those that have not confirmed first. */
const MOST_SHOWN = 40;

/** The steps that a screen has room for. */
export function stepsToShow(steps: readonly AgentStep[]): readonly AgentStep[] {
  if (steps.length <= MOST_SHOWN) return steps;
  const done = (step: AgentStep) => Number(step.kind === "confirmed" || step.kind === "left");
  return steps.toSorted((one, other) => done(one) - done(other)).slice(0, MOST_SHOWN);
}

/** What an agent does while it is waited for. */
function meanwhileOf({ state, activeTasks, pendingAction }: Answer["agent"]): Meanwhile {
  const tasks = activeTasks === 1 ? "a task" : `${activeTasks} tasks`;
  if (pendingAction !== null && activeTasks > 0) {
    return { does: `is finishing ${tasks} before it restarts`, means: "loads the version as it comes up" };
  }
  switch (state) {
    case "UNRESPONSIVE":
      return {
        does: "does not give any sign of life",
        means: "confirms when it is back; a restart helps when it hangs",
      };
    case "DEPLOYING":
      return { does: "is starting", means: "loads the version as it comes up" };
    case "SUSPENDED":
      return { does: "is suspended", means: "its process is there, and has yet to load it" };
    default:
      return activeTasks > 0
        ? { does: `has ${tasks} running`, means: "will confirm before it takes the next" }
        : { does: "has yet to load it", means: "is told, and takes no task before it has confirmed" };
  }
}
