import type { AgentAction, AgentState, RollbackState } from "#api/generated/graphql.ts";

export interface Step {
  readonly key: string;
  readonly state: RollbackState;
  readonly title: string;
  readonly text: string | null;
  /** Since when it waits. */
  readonly since: string | null;
  /** The context that it is about. */
  readonly context: string | null;
}

interface RolledBackContext {
  readonly id: string;
  readonly name: string;
  readonly rollbackState: RollbackState | null;
  readonly rollbackVersion: number | null;
  readonly rollbackPointer: number | null;
  readonly rollbackSince: string | null;
  readonly confirmations: readonly { readonly error: string | null }[];
}

interface Rollback {
  readonly at: string;
  readonly toBundle: number;
  readonly tasks: string;
  readonly state: AgentState;
  readonly activeTasks: number;
  readonly pendingAction: AgentAction | null;
  readonly pendingSince: string | null;
  /** When its process connected last. */
  readonly connectedAt: string | null;
  /** The versions of its contexts that the rollback has written. */
  readonly versions: readonly { readonly context: string; readonly number: number }[];
  readonly contexts: readonly RolledBackContext[];
}

const AT_WORK: readonly AgentState[] = ["ONLINE", "IDLE", "BUSY"];

/** What a rollback of an agent has done, and what it still waits for. */
export function standingSteps(rollback: Rollback): Step[] {
  return [
    {
      key: "written",
      state: "SUCCEEDED",
      title: "Definition version, config and limits",
      text: `as they were at ${rollback.toBundle}`,
      since: null,
      context: null,
    },
    ...rollback.contexts
      .filter(({ id, rollbackVersion }) =>
        rollback.versions.some(({ context, number }) => context === id && number === rollbackVersion),
      )
      .map(contextStep),
    processStep(rollback),
  ];
}

function contextStep({
  id,
  name,
  rollbackState,
  rollbackVersion,
  rollbackPointer,
  ...context
}: RolledBackContext): Step {
  const state = rollbackState ?? "SUCCEEDED";
  const error = context.confirmations.find((confirmation) => confirmation.error !== null)?.error ?? null;
  const texts = {
    PENDING: `waits for its process to load version ${rollbackVersion}`,
    SUCCEEDED: `version ${rollbackVersion} has what ${rollbackPointer} had`,
    FAILED: error ?? "its process has not loaded it",
  };
  return {
    key: id,
    state,
    title: name,
    text: texts[state],
    since: state === "PENDING" ? context.rollbackSince : null,
    context: id,
  };
}

function processStep({ at, tasks, state, activeTasks, pendingAction, pendingSince, connectedAt }: Rollback): Step {
  const step = { key: "process", title: "Its process", since: null, context: null };
  if (connectedAt !== null && connectedAt > at) return { ...step, state: "SUCCEEDED", text: "was started anew since" };
  if (pendingAction === "RESTART") {
    const what = activeTasks === 1 ? "a task" : `${activeTasks} tasks`;
    return { ...step, state: "PENDING", text: `finishes ${what}, then is restarted`, since: pendingSince };
  }
  if (state === "DEPLOYING") return { ...step, state: "PENDING", text: "is being restarted", since: at };
  if (state === "ERROR" || state === "UNRESPONSIVE") {
    return { ...step, state: "FAILED", text: "is in trouble: the reason stands above" };
  }
  if (!AT_WORK.includes(state))
    return { ...step, state: "SUCCEEDED", text: "is not at work; the next one has everything" };
  return {
    ...step,
    state: tasks === "KEEP" ? "SUCCEEDED" : "FAILED",
    text:
      tasks === "KEEP"
        ? "goes on, and has the config and the rest when it starts the next time"
        : "was not restarted: restart it for the rest to be used",
  };
}
