import { formatId } from "@muster/domain/ids.ts";
import { graphql } from "graphql";
import { afterAll, beforeAll, expect, it } from "vitest";
import { schema } from "../src/schema.ts";
import { type BusyFleet, createBusyFleet, requestContextOf } from "./busy-fleet.ts";

let fleet: BusyFleet;
let project: string;
beforeAll(async () => {
  fleet = await createBusyFleet(1);
  project = formatId("project", fleet.projectId);
}, 60_000);
afterAll(() => fleet.close());

interface Logged {
  readonly type: string;
  readonly correlationId: string | null;
  readonly agent?: { readonly name: string } | null;
  readonly context?: { readonly name: string } | null;
}

async function eventsOf(filter: string): Promise<readonly Logged[]> {
  const { data, errors } = await graphql({
    schema,
    source: `{ node(id: "${project}") { ... on Project { events(first: 200, filter: ${filter}) { edges { node {
      type correlationId ... on OtherEvent { agent { name } task { id } context { name } } } } } } } }`,
    contextValue: requestContextOf(fleet),
  });
  expect(errors).toBeUndefined();
  const { node } = data as unknown as { node: { events: { edges: readonly { node: Logged }[] } } };
  return node.events.edges.map((edge) => edge.node);
}

it("events without fields of their own say which agent and context they concern", async () => {
  const registered = await eventsOf(`{ types: ["agent.registered"] }`);
  expect(registered.length).toBeGreaterThan(0);
  for (const { agent, context } of registered) {
    expect(agent?.name).toEqual(expect.any(String));
    expect(context).toBeNull();
  }
  const opened = await eventsOf(`{ types: ["context.opened"] }`);
  expect(opened.length).toBeGreaterThan(0);
  for (const { context } of opened) expect(context?.name).toEqual(expect.any(String));
});

it("events of one request are found by its correlation id", async () => {
  const all = await eventsOf("{}");
  const [one] = all.flatMap(({ correlationId }) => correlationId ?? []);
  expect(one).toBeDefined();
  const found = await eventsOf(`{ correlations: [${JSON.stringify(one)}] }`);
  expect(found).toEqual(all.filter(({ correlationId }) => correlationId === one));
  expect(await eventsOf(`{ correlations: ["of no request"] }`)).toEqual([]);
});
