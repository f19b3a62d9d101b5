import type { TaskState } from "#api/generated/graphql.ts";

/** What an event of type `TaskTransitioned` tells of a task's way. */
export interface TaskMove {
  readonly id: string;
  readonly at: string;
  readonly from: TaskState | null;
  readonly to: TaskState;
  readonly attempt: number;
  /** How long it was in `from`; null when that is not known. */
  readonly durationMs: number | null;
  readonly agent: { readonly id: string; readonly name: string } | null;
  /** Why the attempt failed, or why it was ended. */
  readonly error: { readonly kind: string; readonly message: string } | null;
  readonly reason: string | null;
}

/**
 * What a task does for a while: "delayed" and "backoff" until its time comes, "queued" until an agent takes it, "again" both of
 * these where nobody knows when the one became the other.
 */
export type PhaseKind = "waiting" | "delayed" | "backoff" | "queued" | "again" | "offered" | "running" | "stopping";

export interface Phase {
  readonly kind: PhaseKind;
  /** In milliseconds since 1970; it goes on without an end. */
  readonly from: number;
  readonly to: number | null;
}

export type AttemptOutcome = "succeeded" | "failed" | "returned" | "cancelled" | "expired";

/** A try at the task, with all that went before it since the last one. Without a number: it has not been given to an agent. */
export interface Attempt {
  readonly number: number | null;
  readonly agent: TaskMove["agent"];
  readonly phases: readonly Phase[];
  /** Null while it goes on. */
  readonly outcome: AttemptOutcome | null;
  readonly error: TaskMove["error"];
  /** The event that ended it. */
  readonly endedBy: string | null;
}

const PHASES: Readonly<Partial<Record<TaskState, PhaseKind>>> = {
  WAITING: "waiting",
  QUEUED: "queued",
  ASSIGNED: "offered",
  RUNNING: "running",
  CANCELLING: "stopping",
};
const OUTCOMES: Readonly<Partial<Record<TaskState, AttemptOutcome>>> = {
  SUCCEEDED: "succeeded",
  FAILED: "failed",
  CANCELLED: "cancelled",
  EXPIRED: "expired",
};

/** Phases in which an agent has the task; in the others it waits. */
export const AT_WORK: ReadonlySet<PhaseKind> = new Set(["offered", "running", "stopping"]);

interface Draft {
  number: number | null;
  agent: TaskMove["agent"];
  phases: Phase[];
}

/**
 * The attempts at a task from its moves, the oldest first. `runAt`: before which it is not handed out now, which tells apart
 * the wait for a time from that for an agent, of the last wait only: nobody knows it of those before.
 */
export function attemptsOf(moves: readonly TaskMove[], runAt: string): Attempt[] {
  const attempts: Attempt[] = [];
  let draft: Draft = { number: null, agent: null, phases: [] };
  const end = (outcome: AttemptOutcome, { error, reason, id }: TaskMove) => {
    const said = error ?? (reason === null ? null : { kind: outcome, message: reason });
    attempts.push({ ...draft, outcome, error: said, endedBy: id });
    draft = { number: null, agent: null, phases: [] };
  };
  for (const move of moves) {
    const at = Date.parse(move.at);
    const open = draft.phases.at(-1);
    if (open) draft.phases[draft.phases.length - 1] = { ...open, to: at };
    else if (move.from !== null && move.durationMs !== null) {
      // What was before is not known any more, but for how long it was so.
      const kind = PHASES[move.from];
      if (kind) draft.phases.push({ kind, from: at - move.durationMs, to: at });
    }
    if (move.to === "ASSIGNED" || (draft.number === null && move.agent && move.attempt > 0)) {
      draft.number = move.attempt;
      draft.agent = move.agent;
    }
    const outcome = OUTCOMES[move.to];
    if (outcome) end(outcome, move);
    else if (move.to === "QUEUED" && move.from !== null && move.from !== "WAITING") {
      end(move.from === "RUNNING" ? "failed" : "returned", move);
    }
    const kind = PHASES[move.to];
    const failed = move.to === "QUEUED" && attempts.at(-1)?.outcome === "failed";
    if (kind) draft.phases.push({ kind: failed ? "again" : kind, from: at, to: null });
  }
  if (draft.phases.length > 0) attempts.push({ ...draft, outcome: null, error: null, endedBy: null });
  return withLastWait(attempts, Date.parse(runAt));
}

/** Divides the last wait for an agent where its time came. */
function withLastWait(attempts: readonly Attempt[], runAt: number): Attempt[] {
  const last = attempts.at(-1);
  const place = last?.phases.findLastIndex(({ kind }) => kind === "queued" || kind === "again") ?? -1;
  const wait = last?.phases[place];
  if (!last || !wait) return [...attempts];
  const until = Math.max(wait.from, wait.to === null ? runAt : Math.min(runAt, wait.to));
  const divided: Phase[] = [];
  if (until > wait.from)
    divided.push({ kind: wait.kind === "again" ? "backoff" : "delayed", from: wait.from, to: until });
  if (wait.to === null || wait.to > until) divided.push({ kind: "queued", from: until, to: wait.to });
  return [...attempts.slice(0, -1), { ...last, phases: last.phases.toSpliced(place, 1, ...divided) }];
}

/** How long an attempt's phases of a kind took together until now. */
export function timeIn(attempt: Attempt, kinds: ReadonlySet<PhaseKind>, now: number): number {
  return attempt.phases
    .filter(({ kind }) => kinds.has(kind))
    .reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to ?? now, Math.max(now, from)) - from), 0);
}
