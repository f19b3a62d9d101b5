import { graphql } from "graphql";
import { afterAll, beforeAll, expect, it } from "vitest";
import { presentError } from "../src/present-error.ts";
import { schema } from "../src/schema.ts";
import { type BusyFleet, createBusyFleet, requestContextOf } from "./busy-fleet.ts";

let fleet: BusyFleet;
beforeAll(async () => {
  fleet = await createBusyFleet(3);
}, 60_000);
afterAll(() => fleet.close());

async function ask(selection: string) {
  const to = new Date(Date.now() + 60_000).toISOString();
  const { data, errors } = await graphql({
    schema,
    source: `query ($path: String!, $to: DateTime!) { project(path: $path) { ${selection} } }`,
    variableValues: { path: fleet.path, to },
    contextValue: requestContextOf(fleet),
  });
  const project = data?.["project"] as Readonly<Record<string, unknown>> | null | undefined;
  return { project, codes: errors?.map((error) => presentError(error)?.extensions.code) };
}

it("counts the transitions that the log has, also of some agents", async () => {
  const { project } = await ask(`
    all: transitionCounts(from: "2020-01-01T00:00:00Z", to: $to, buckets: 4)
    none: transitionCounts(from: "2020-01-01T00:00:00Z", to: $to, buckets: 2, filter: { search: "nobody" })
    events(filter: { types: ["agent.transitioned"] }) { totalCount }`);
  const counted = project?.["all"] as number[];
  expect(counted).toHaveLength(4);
  const total = (project?.["events"] as { totalCount: number } | undefined)?.totalCount;
  expect(total).toBeGreaterThan(0);
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(total);
  expect(project?.["none"]).toEqual([0, 0]);
});

it("tells which agents that match have changed", async () => {
  const changes = (filter: string) =>
    `fleetChanges(from: "2020-01-01T00:00:00Z", to: $to, filter: ${filter}) { totalCount edges { node { agent { name } stateAfter } } }`;
  const all = (await ask(changes("{}"))).project?.["fleetChanges"] as { edges: { node: { stateAfter: string } }[] };
  const [first] = all.edges;
  const state = first?.node.stateAfter ?? "";
  const some = await ask(changes(`{ states: [${state}] }`));
  expect(some.project?.["fleetChanges"]).toMatchObject({
    totalCount: all.edges.filter(({ node }) => node.stateAfter === state).length,
  });
  expect((await ask(changes(`{ search: "nobody" }`))).project?.["fleetChanges"]).toEqual({ totalCount: 0, edges: [] });
});

it("tells what tasks failed of", async () => {
  const { project } = await ask(`
    taskErrorCounts { isCapped kinds { kind count } }
    some: taskErrorCounts(filter: { search: "nothing", createdBefore: $to }) { isCapped kinds { kind count } }`);
  expect(project?.["taskErrorCounts"]).toMatchObject({ isCapped: false });
  expect(project?.["some"]).toEqual({ isCapped: false, kinds: [] });
});

it("refuses what cannot be", async () => {
  expect((await ask(`transitionCounts(from: $to, to: $to, buckets: 4)`)).codes).toEqual(["INVALID_INPUT"]);
  const many = `transitionCounts(from: "2020-01-01T00:00:00Z", to: $to, buckets: 1000)`;
  expect((await ask(many)).codes).toEqual(["INVALID_INPUT"]);
});
