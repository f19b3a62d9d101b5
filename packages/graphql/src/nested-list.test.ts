import { expect, it } from "vitest";
import { nestedField } from "./nested-list.ts";
import type { RequestContext } from "./request-context.ts";

const contextOf = () => ({}) as RequestContext;

function recorded() {
  const reads: { parents: readonly string[]; args: object }[] = [];
  const load = nestedField(async (_context, parents, args: { first?: number; search?: string }) => {
    reads.push({ parents, args });
    return new Map(parents.map((parent) => [parent, parent === "bad" ? new Error("bad") : `${parent} ${args.first}`]));
  });
  return { reads, load };
}

it("reads what one tick asks for together, each parent once", async () => {
  const { reads, load } = recorded();
  const context = contextOf();
  const found = await Promise.all(["a", "b", "a"].map((parent) => load(parent, { first: 1 }, context)));
  expect(found).toEqual(["a 1", "b 1", "a 1"]);
  expect(reads).toEqual([{ parents: ["a", "b"], args: { first: 1 } }]);
});

it("keeps other arguments and other requests apart", async () => {
  const { reads, load } = recorded();
  const [one, other] = [contextOf(), contextOf()];
  await Promise.all([load("a", { first: 1 }, one), load("a", { first: 2 }, one), load("a", { first: 1 }, other)]);
  expect(reads).toHaveLength(3);
});

it("remembers nothing", async () => {
  const { reads, load } = recorded();
  const context = contextOf();
  await load("a", {}, context);
  await load("a", {}, context);
  expect(reads).toHaveLength(2);
});

it("fails only those that have an error in their place", async () => {
  const { load } = recorded();
  const context = contextOf();
  const [good, bad] = await Promise.allSettled(["good", "bad"].map((parent) => load(parent, { first: 1 }, context)));
  expect(good).toEqual({ status: "fulfilled", value: "good 1" });
  expect(bad).toMatchObject({ status: "rejected", reason: { message: "bad" } });
});
