import { AGENT_PERMISSIONS } from "@muster/domain/permissions.ts";
import { formatId, parseId } from "@muster/domain/ids.ts";
import { updateAgent } from "@muster/operations/agents/update-agent.ts";
import { openContext } from "@muster/operations/contexts/open-context.ts";
import { writeContext } from "@muster/operations/contexts/versions/write-context.ts";
import { graphql } from "graphql";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RequestContext } from "../src/request-context.ts";
import { schema } from "../src/schema.ts";
import { type BusyFleet, callerOf, createBusyFleet } from "./busy-fleet.ts";

let fleet: BusyFleet;
beforeAll(async () => {
  fleet = await createBusyFleet(1);
});
afterAll(() => fleet.close());

/** What each field of a query has, as far as these tests look into it. */
type Answer = Readonly<Record<string, { readonly data: { readonly id: string } }>>;

async function ask(source: string, variableValues: object, caller = fleet.admin): Promise<Answer> {
  const contextValue = { caller, runtime: fleet.runtime, cursor: "", lastEventId: null } as unknown as RequestContext;
  const { data, errors } = await graphql({ schema, source, contextValue, variableValues: { ...variableValues } });
  if (errors) throw errors[0];
  return data as unknown as Answer;
}

const REGISTER = `mutation ($input: RegisterAgentInput!) { registerAgent(input: $input) {
  ... on RegisterAgentSuccess { data { id bundle definitionVersion } } ... on Error { message } } }`;
const UPDATE = `mutation ($input: UpdateAgentInput!) { updateAgent(input: $input) {
  ... on UpdateAgentSuccess { data { bundle definitionVersion maxConcurrency } } ... on InvalidInput { issues { path } } } }`;
const ROLL_BACK = `mutation ($input: RollBackAgentInput!) { rollBackAgent(input: $input) { __typename
  ... on RollBackAgentSuccess { changed bundle data { config maxConcurrency bundle } } ... on Error { code message } } }`;

async function changedAgent() {
  const { projectId, runtime, admin } = fleet;
  const name = `changed-${crypto.randomUUID()}`;
  const input = { projectId: formatId("project", projectId), definitionSlug: "worker-0", name, config: { level: 1 } };
  const { registerAgent } = await ask(REGISTER, { input });
  expect(registerAgent?.data).toMatchObject({ bundle: 1, definitionVersion: 1 });
  const { id } = registerAgent!.data;
  const agentId = parseId("agent", id)!;
  const plan = await openContext(runtime, admin, { projectId, agentId, name: "plan" });
  await writeContext(runtime, admin, { contextId: plan.id, data: { step: 1 } });
  await writeContext(runtime, admin, { contextId: plan.id, data: { step: 2 } });
  await updateAgent(runtime, admin, { agentId, config: { level: 2 }, maxConcurrency: 4 });
  const notes = await openContext(runtime, admin, { projectId, agentId, name: "notes" });
  await writeContext(runtime, admin, { contextId: notes.id, data: [] });
  return { id, agentId };
}

it("shows what an agent was, what differs, and what a rollback would do", async () => {
  const { id } = await changedAgent();
  const { node } = await ask(
    `query ($id: ID!) { node(id: $id) { ... on Agent {
      bundle
      bundles(first: 3) { totalCount pageInfo { hasNextPage } edges { node { number changes version { number context { name } } rolledBackTo author { name } } } }
      bundleAt(number: 2) { definitionVersion config maxConcurrency contexts { context { name } version { number data } } }
      bundleDiff(from: 2, to: 5) { definitionVersion { from to } maxConcurrency { from to } config { op path value }
        contexts { context { name } from { number } to { number } comparison { equal operations { op path value } } } }
      rollbackPreview(toBundle: 2) { changed restarts refusal warnings { code } runningTasks { id } sharedContexts { id } difference { from to } }
    } } }`,
    { id },
  );
  expect(node).toEqual({
    bundle: 5,
    bundles: {
      totalCount: 5,
      pageInfo: { hasNextPage: true },
      edges: [
        [5, ["CONTEXT"], { number: 1, context: { name: "notes" } }],
        [4, ["CONFIG", "LIMITS"], null],
        [3, ["CONTEXT"], { number: 2, context: { name: "plan" } }],
      ].map(([number, changes, version]) => ({
        node: { number, changes, version, rolledBackTo: null, author: { name: "admin" } },
      })),
    },
    bundleAt: {
      definitionVersion: 1,
      config: { level: 1 },
      maxConcurrency: 1,
      contexts: [{ context: { name: "plan" }, version: { number: 1, data: { step: 1 } } }],
    },
    bundleDiff: {
      definitionVersion: null,
      maxConcurrency: { from: 1, to: 4 },
      config: [{ op: "replace", path: "/level", value: 2 }],
      contexts: [
        { context: { name: "notes" }, from: null, to: { number: 1 }, comparison: null },
        {
          context: { name: "plan" },
          from: { number: 1 },
          to: { number: 2 },
          comparison: { equal: false, operations: [{ op: "replace", path: "/step", value: 2 }] },
        },
      ],
    },
    rollbackPreview: {
      changed: true,
      restarts: false,
      refusal: null,
      warnings: [],
      runningTasks: [],
      sharedContexts: [],
      difference: { from: 5, to: 2 },
    },
  });
});

it("rolls back, once, and forward again", async () => {
  const { id } = await changedAgent();
  const input = { agentId: id, toBundle: 2, reason: "it went wrong", tasks: "KEEP", expectedBundle: 5 };
  expect(await ask(ROLL_BACK, { input })).toEqual({
    rollBackAgent: {
      __typename: "RollBackAgentSuccess",
      changed: true,
      bundle: 7,
      data: { config: { level: 1 }, maxConcurrency: 1, bundle: 7 },
    },
  });
  expect(await ask(ROLL_BACK, { input })).toMatchObject({ rollBackAgent: { __typename: "Conflict" } });
  const again = { ...input, expectedBundle: null };
  expect(await ask(ROLL_BACK, { input: again })).toMatchObject({ rollBackAgent: { changed: false, bundle: 7 } });
  expect(await ask(ROLL_BACK, { input: { ...again, toBundle: 5 } })).toMatchObject({
    rollBackAgent: { changed: true, bundle: 9, data: { config: { level: 2 } } },
  });
  expect(await ask(ROLL_BACK, { input: { ...again, toBundle: 10 } })).toMatchObject({
    rollBackAgent: { code: "INVALID_INPUT", message: "toBundle: There is no such bundle; the newest is 9." },
  });
});

it("answers with the error that a caller can expect", async () => {
  const { id, agentId } = await changedAgent();
  const input = { agentId: id, toBundle: 2, reason: "it went wrong", tasks: "DRAIN" };
  const itself = callerOf({ kind: "AGENT", id: agentId, name: "itself", permissions: new Set(AGENT_PERMISSIONS) });
  expect(await ask(ROLL_BACK, { input }, itself)).toMatchObject({ rollBackAgent: { __typename: "Forbidden" } });
  expect(await ask(UPDATE, { input: { agentId: id, definitionVersion: 9 } })).toEqual({
    updateAgent: { issues: [{ path: ["definitionVersion"] }] },
  });
  const transition = `mutation ($input: TransitionAgentInput!) { transitionAgent(input: $input) { __typename } }`;
  await ask(transition, { input: { agentId: id, action: "DECOMMISSION", reason: "over" } });
  expect(await ask(ROLL_BACK, { input })).toMatchObject({ rollBackAgent: { __typename: "IllegalTransition" } });
  await expect(
    ask(`query ($id: ID!) { node(id: $id) { ... on Agent { bundleAt(number: 9) { number } } } }`, { id }),
  ).rejects.toThrow("There is no such agent bundle");
});
