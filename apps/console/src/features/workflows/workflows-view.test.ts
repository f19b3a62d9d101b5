import { expect, it } from "vitest";
import { viewOf, workflowsFilter } from "#features/workflows/workflows-view.ts";

it("reads an address, and leaves out what is no state", () => {
  const filter = workflowsFilter(new URLSearchParams("state=failed,nonsense,running&search=re&after=x"));
  expect(filter).toEqual({ states: ["RUNNING", "FAILED"], search: "re", after: "x", before: undefined });
});

it("writes the address that it reads", () => {
  const filter = workflowsFilter(new URLSearchParams("state=cancelled&search=a+b"));
  expect(viewOf(filter)).toEqual({ state: "cancelled", search: "a b", after: undefined, before: undefined });
  expect(workflowsFilter(new URLSearchParams()).states).toEqual([]);
});
