import { describe, expect, it } from "vitest";
import { type AbortCause, describeFailure, TaskAborted, TaskFailure } from "./failure.ts";
import { failureReport } from "./run-task.ts";

const aborted = (cause: AbortCause) => AbortSignal.abort(new TaskAborted(cause));

describe("describeFailure", () => {
  it("is retryable unless the error says otherwise, and takes over its kind", () => {
    expect(describeFailure(new Error("boom"))).toEqual({ kind: "error", message: "boom", retryable: true });
    const failure = new TaskFailure("no such file", { kind: "missing", retryable: false });
    expect(describeFailure(failure)).toEqual({ kind: "missing", message: "no such file", retryable: false });
    expect(describeFailure(Object.assign(new Error("slow"), { kind: "TIMEOUT" }))).toMatchObject({
      kind: "TIMEOUT",
      retryable: true,
    });
  });

  it("makes of anything thrown what the server can store", () => {
    expect(describeFailure(undefined).message).toBe("undefined");
    expect(describeFailure(new Error("")).message).toBe("Error");
    expect(describeFailure("a\0b\ud800").message).toBe("ab\ufffd");
    expect(describeFailure("x".repeat(9_000)).message).toHaveLength(2_000);
    expect(describeFailure("\0").message).toBe("unknown error");
  });
});

describe("failureReport", () => {
  it("says why the task was aborted rather than what the handler threw then", () => {
    const thrown = new Error("This operation was aborted");
    expect(failureReport(thrown, new AbortController().signal)).toMatchObject({
      kind: "error",
      message: thrown.message,
    });
    expect(failureReport(thrown, aborted("cancelled"))).toMatchObject({ kind: "cancelled", retryable: false });
    expect(failureReport(thrown, aborted("shutdown"))).toMatchObject({ kind: "shutdown", retryable: true });
    expect(failureReport(thrown, aborted("stopped"))).toMatchObject({ kind: "shutdown", retryable: true });
  });
});
