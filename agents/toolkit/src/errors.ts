import { TaskFailure } from "@muster/agent/failure.ts";

/** The input does not fit; the message lists every issue. */
export class InvalidTaskInput extends TaskFailure {
  constructor(message: string) {
    super(message, { kind: "invalid_input", retryable: false });
  }
}

/** The path is no git repository, or git cannot read it. */
export class RepositoryUnreadable extends TaskFailure {
  constructor(message: string) {
    super(message, { kind: "repository_unreadable", retryable: false });
  }
}

export class UnknownRevision extends TaskFailure {
  constructor(revision: string, repository: string) {
    super(`"${revision}" names no commit in ${repository}: give a branch, a tag or a commit.`, {
      kind: "unknown_revision",
      retryable: false,
    });
  }
}

/** A program that the agent needs is not installed. */
export class ProgramMissing extends TaskFailure {
  constructor(program: string) {
    super(`${program} was not found on PATH: install it and start again.`, {
      kind: "program_missing",
      retryable: false,
    });
  }
}

export class ProcessTimedOut extends TaskFailure {
  constructor(program: string, timeoutMs: number) {
    super(`${program} did not end within ${timeoutMs} ms and was stopped: raise the agent's timeoutMs.`, {
      kind: "timeout",
    });
  }
}

/** A tool ended in a way that says nothing about the code it looked at. */
export class ToolFailed extends TaskFailure {
  constructor(program: string, detail: string) {
    super(`${program} failed: ${detail}`, { kind: "tool_failed" });
  }
}
