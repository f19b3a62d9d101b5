/** A failure with a kind of its own, which says whether another attempt can help. */
export class TaskFailure extends Error {
  override readonly name = "TaskFailure";
  readonly kind: string;
  readonly retryable: boolean;
  constructor(message: string, options: { kind?: string; retryable?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.kind = options.kind ?? "error";
    this.retryable = options.retryable ?? true;
  }
}

export type AbortCause = "cancelled" | "lease_lost" | "superseded" | "stopped" | "shutdown";

const SENTENCES: Readonly<Record<AbortCause, string>> = {
  cancelled: "The task was cancelled.",
  lease_lost: "The task's lease was lost: another attempt has it, or it has ended.",
  superseded: "A newer process took over this agent.",
  stopped: "The agent was told to stop at once.",
  shutdown: "The agent's process is shutting down.",
};

/** Why a task's signal aborted. */
export class TaskAborted extends Error {
  override readonly name = "TaskAborted";
  readonly reason: AbortCause;
  constructor(reason: AbortCause, detail?: string) {
    super(detail === undefined ? SENTENCES[reason] : `${SENTENCES[reason]} ${detail}`);
    this.reason = reason;
  }
}

export interface FailureReport {
  readonly kind: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** What to tell the server about what a handler threw: `kind` and `retryable` are taken from errors that carry them. */
export function describeFailure(error: unknown): FailureReport {
  const { kind, retryable } = (typeof error === "object" && error !== null ? error : {}) as Partial<FailureReport>;
  return {
    kind: typeof kind === "string" && kind !== "" ? storable(kind, 100) : "error",
    message: messageOf(error),
    retryable: retryable !== false,
  };
}

/** What an error says, in a form that the server stores. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return storable(text, 2_000) || "unknown error";
}

/** What the server would refuse to store must not keep it from learning of a failure. */
function storable(text: string, length: number): string {
  return text.replaceAll("\0", "").slice(0, length).toWellFormed();
}
