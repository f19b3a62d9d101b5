import { formatId } from "./ids.ts";
import type { Permission } from "./permissions.ts";

export interface InputIssue {
  /** Where in the input, outermost first; empty for the input as a whole. */
  readonly path: readonly string[];
  readonly message: string;
}

/** A failure that a caller can expect. `message` is a sentence that says what to do next. */
export abstract class MusterError extends Error {
  abstract readonly code: string;
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** The action is not allowed in the subject's state. */
export class IllegalTransition extends MusterError {
  readonly code = "ILLEGAL_TRANSITION";
  readonly state: string;
  readonly action: string;
  readonly allowed: readonly string[];
  constructor(subject: string, state: string, action: string, allowed: readonly string[]) {
    const choice = allowed.length > 0 ? `Allowed now: ${allowed.join(", ")}.` : "Nothing is allowed from this state.";
    super(`${action} is not allowed while the ${subject} is ${state}. ${choice}`);
    this.state = state;
    this.action = action;
    this.allowed = allowed;
  }
}

/** Where a context stands that could not be written or rolled back, so that the caller can be told what has changed since. */
export interface ContextConflict {
  readonly contextId: string;
  readonly expectedVersion: number;
  readonly currentVersion: number;
  /** Where both sides of a merge have changed the data, as JSON Pointers; null when none was asked for. */
  readonly paths: readonly string[] | null;
}

/** The state or version that the caller expected is not the present one. */
export class Conflict extends MusterError {
  readonly code = "CONFLICT";
  readonly expected: string;
  readonly actual: string;
  /** Of contexts' versions only. */
  readonly context: ContextConflict | null;
  constructor(
    what: string,
    expected: string,
    actual: string,
    {
      advice = "Read it again and decide anew.",
      context = null,
    }: { advice?: string; context?: ContextConflict | null } = {},
  ) {
    super(`Expected ${what} ${expected}, but it is ${actual}. ${advice}`);
    this.expected = expected;
    this.actual = actual;
    this.context = context;
  }
}

/** The caller no longer holds the task: a newer attempt has it, or it has ended. */
export class LeaseLost extends MusterError {
  readonly code = "LEASE_LOST";
  readonly currentAttempt: number;
  constructor(attempt: number, currentAttempt: number) {
    super(
      attempt === currentAttempt
        ? `Attempt ${attempt} of this task has ended. Stop working on it.`
        : `Attempt ${attempt} lost its lease; the task is at attempt ${currentAttempt}. Stop working on it.`,
    );
    this.currentAttempt = currentAttempt;
  }
}

/** There is no such thing, or it is not visible to the caller: both answer the same. */
export class NotFound extends MusterError {
  readonly code = "NOT_FOUND";
  constructor(what: string) {
    super(`There is no such ${what}, or it is not yours to see.`);
  }
}

export class Forbidden extends MusterError {
  readonly code = "FORBIDDEN";
  readonly permission: Permission;
  constructor(permission: Permission) {
    super(`This needs the permission ${permission}, which these credentials do not have.`);
    this.permission = permission;
  }
}

export class InvalidInput extends MusterError {
  readonly code = "INVALID_INPUT";
  readonly issues: readonly InputIssue[];
  constructor(issues: readonly InputIssue[]) {
    const first = issues[0];
    const where = first && first.path.length > 0 ? `${first.path.join(".")}: ` : "";
    const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
    super(`${where}${first?.message ?? "The input is not valid."}${more}`);
    this.issues = issues;
  }
}

export class LimitExceeded extends MusterError {
  readonly code = "LIMIT_EXCEEDED";
  readonly limit: string;
  readonly retryAfterMs: number | null;
  constructor(limit: string, message: string, retryAfterMs: number | null = null) {
    super(message);
    this.limit = limit;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The data equals a version that a rollback skipped; it is held until someone releases it. */
export class VersionHeld extends MusterError {
  readonly code = "VERSION_HELD";
  readonly version: number;
  constructor(version: number) {
    super(
      `This data equals version ${version}, which was rolled back and is held. Write something else, or release it with releaseContextVersion.`,
    );
    this.version = version;
  }
}

/** Retention has removed the data of the version. */
export class VersionPruned extends MusterError {
  readonly code = "VERSION_PRUNED";
  readonly version: number;
  constructor(version: number) {
    super(
      `The data of version ${version} was removed by the context's retention; its record and hash remain. Choose a newer version, or a pinned one.`,
    );
    this.version = version;
  }
}

/** A stored version does not match its hash: somebody changed it behind Muster's back. It is not served. */
export class VersionTampered extends MusterError {
  readonly code = "VERSION_TAMPERED";
  /** Its public id. */
  readonly context: string;
  readonly version: number;
  readonly #contextId: string;
  /** `contextId`: the UUID. */
  constructor(contextId: string, version: number, what: "data" | "record") {
    const context = formatId("context", contextId);
    super(
      `The ${what} of version ${version} of ${context} does not match its hash: it was changed in the database. ` +
        "Restore it from a backup, or roll the context back to a version before it.",
    );
    this.context = context;
    this.version = version;
    this.#contextId = contextId;
  }

  /** The version as operations name it; not for clients. */
  get contextId(): string {
    return this.#contextId;
  }
  get number(): number {
    return this.version;
  }
}

/** The write is based on a version from before the last rollback. */
export class RollbackPending extends MusterError {
  readonly code = "ROLLBACK_PENDING";
  readonly rolledBackTo: number;
  constructor(rolledBackTo: number) {
    super(
      `The context was rolled back to version ${rolledBackTo}. Read the current version and base the change on it.`,
    );
    this.rolledBackTo = rolledBackTo;
  }
}

/** A secret was sealed with another encryption key than this server has. */
export class WrongEncryptionKey extends MusterError {
  readonly code = "WRONG_ENCRYPTION_KEY";
  constructor() {
    super(
      "The secret was sealed with another encryption key than this server has. Set MUSTER_ENCRYPTION_KEY, or MUSTER_PREVIOUS_ENCRYPTION_KEYS, to the one it was sealed with, the same on every server. When that is lost: rotateWebhookSecret, resetTotp, and docs/security.md.",
    );
  }
}
