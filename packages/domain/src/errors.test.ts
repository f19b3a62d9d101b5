import { describe, expect, it } from "vitest";
import {
  Conflict,
  Forbidden,
  IllegalTransition,
  InvalidInput,
  LeaseLost,
  LimitExceeded,
  MusterError,
  NotFound,
  RollbackPending,
  VersionHeld,
} from "./errors.ts";

describe("errors", () => {
  it.each<[MusterError, string, string]>([
    [new IllegalTransition("agent", "BUSY", "RESUME", ["STOP", "FAIL"]), "ILLEGAL_TRANSITION", "STOP, FAIL"],
    [new IllegalTransition("agent", "DECOMMISSIONED", "START", []), "ILLEGAL_TRANSITION", "Nothing is allowed"],
    [new Conflict("state", "ONLINE", "ERROR"), "CONFLICT", "Expected state ONLINE, but it is ERROR"],
    [
      new Conflict("state", "1", "2", { advice: "Look at what has changed." }),
      "CONFLICT",
      "is 2. Look at what has changed.",
    ],
    [new LeaseLost(1, 2), "LEASE_LOST", "the task is at attempt 2"],
    [new LeaseLost(2, 2), "LEASE_LOST", "Attempt 2 of this task has ended"],
    [new NotFound("agent"), "NOT_FOUND", "There is no such agent"],
    [new Forbidden("agent.act"), "FORBIDDEN", "agent.act"],
    [
      new InvalidInput([{ path: ["config", "port"], message: "must be a number." }]),
      "INVALID_INPUT",
      "config.port: must be a number.",
    ],
    [
      new InvalidInput([
        { path: [], message: "is wrong." },
        { path: ["a"], message: "too." },
      ]),
      "INVALID_INPUT",
      "is wrong. (and 1 more)",
    ],
    [new LimitExceeded("tasks", "Too many.", 10), "LIMIT_EXCEEDED", "Too many."],
    [new VersionHeld(3), "VERSION_HELD", "version 3"],
    [new RollbackPending(4), "ROLLBACK_PENDING", "version 4"],
  ])("%s says what to do", (error, code, part) => {
    expect(error).toBeInstanceOf(MusterError);
    expect(error.code).toBe(code);
    expect(error.name).toBe(error.constructor.name);
    expect(error.message).toContain(part);
    expect(error.message).toMatch(/[.)]$/);
  });
});
