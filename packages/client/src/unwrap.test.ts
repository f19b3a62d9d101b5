import { expect, it } from "vitest";
import { MutationError } from "./errors.ts";
import { unwrap } from "./unwrap.ts";

type Result =
  | { __typename: "StartTaskSuccess"; data: { id: string } | null }
  | { __typename: "LeaseLost"; code: string; message: string; currentAttempt: number };
const given = (result: Result): Result => result;

it("answers the data of a success, also when it is null", () => {
  expect(unwrap(given({ __typename: "StartTaskSuccess", data: { id: "task_1" } }))).toEqual({ id: "task_1" });
  expect(unwrap(given({ __typename: "StartTaskSuccess", data: null }))).toBeNull();
});

it("throws an expected error with its code, message and fields", () => {
  const fail = () =>
    unwrap(given({ __typename: "LeaseLost", code: "LEASE_LOST", message: "Stop.", currentAttempt: 3 }));
  expect(fail).toThrow(MutationError);
  expect(fail).toThrow(
    expect.objectContaining({
      code: "LEASE_LOST",
      message: "Stop.",
      fields: expect.objectContaining({ currentAttempt: 3 }),
    }),
  );
});
