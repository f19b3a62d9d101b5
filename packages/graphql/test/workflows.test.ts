import { within } from "@muster/domain/actor.ts";
import { formatId } from "@muster/domain/ids.ts";
import { graphql } from "graphql";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RequestContext } from "../src/request-context.ts";
import { schema } from "../src/schema.ts";
import { type BusyFleet, createBusyFleet } from "./busy-fleet.ts";

let fleet: BusyFleet;
beforeAll(async () => {
  fleet = await createBusyFleet(1);
});
afterAll(() => fleet.close());

interface Graph {
  readonly nodes: readonly {
    readonly step: string;
    readonly kind: string;
    readonly state: string;
    readonly taskId: string;
  }[];
  readonly edges: readonly object[];
}

/** What each field of a query has, as far as these tests look into it. */
type Answer = Readonly<Record<string, { readonly data: { readonly id: string; readonly graph: Graph } } | null>>;

async function ask(source: string, variableValues: object, caller = fleet.admin): Promise<Answer> {
  const contextValue = { caller, runtime: fleet.runtime, cursor: "", lastEventId: null } as unknown as RequestContext;
  const { data, errors } = await graphql({ schema, source, contextValue, variableValues: { ...variableValues } });
  if (errors) throw errors[0];
  return data as unknown as Answer;
}

const CREATE = `mutation ($input: CreateWorkflowInput!) { result: createWorkflow(input: $input) { __typename
  ... on CreateWorkflowSuccess { repeated data { id state graph {
    nodes { step kind state taskId task { workflowStep workflow { id } } } edges { from to condition } } } }
  ... on InvalidInput { issues { path message } } ... on Error { message } } }`;

const step = (name: string, dependsOn?: string[], condition?: string) => ({
  step: name,
  task: { kind: "build", input: { name }, retryRules: [{ errorKind: "flaky", maxFailures: 5 }] },
  ...(dependsOn && { dependsOn }),
  ...(condition && { condition }),
});
const input = (tasks: object[]) => ({
  input: { projectId: formatId("project", fleet.projectId), name: "release", onFailure: "CONTINUE", tasks },
});

it("is created with its graph, read by its id, and cancelled", async () => {
  const { result } = await ask(CREATE, input([step("a"), step("b", ["a"]), step("c", ["a", "b"], "ALL_ENDED")]));
  expect(result).toMatchObject({ __typename: "CreateWorkflowSuccess", repeated: false, data: { state: "RUNNING" } });
  const { id, graph } = result!.data;
  expect(graph.nodes.map((node) => [node.step, node.kind, node.state])).toEqual([
    ["a", "build", "QUEUED"],
    ["b", "build", "WAITING"],
    ["c", "build", "WAITING"],
  ]);
  expect(graph.nodes[2]).toMatchObject({ task: { workflowStep: "c", workflow: { id } } });
  const { task } = await ask(
    "query ($id: ID!) { task: node(id: $id) { ... on Task { dependencies { workflowStep } } } }",
    { id: graph.nodes[2]!.taskId },
  );
  expect(task).toEqual({ dependencies: [{ workflowStep: "a" }, { workflowStep: "b" }] });
  expect(graph.edges).toEqual([
    { from: "a", to: "b", condition: "ALL_SUCCEEDED" },
    { from: "a", to: "c", condition: "ALL_ENDED" },
    { from: "b", to: "c", condition: "ALL_ENDED" },
  ]);
  const { node } = await ask("query ($id: ID!) { node(id: $id) { ... on Workflow { name onFailure taskCount } } }", {
    id,
  });
  expect(node).toEqual({ name: "release", onFailure: "CONTINUE", taskCount: 3 });
  const cancelled = await ask(
    `mutation ($input: CancelWorkflowInput!) { result: cancelWorkflow(input: $input) {
      ... on CancelWorkflowSuccess { data { cancelReason taskCounts { state count } } } } }`,
    { input: { workflowId: id, reason: "no" } },
  );
  expect(cancelled["result"]).toMatchObject({
    data: { cancelReason: "no", taskCounts: expect.arrayContaining([{ state: "CANCELLED", count: 3 }]) },
  });
});

it("says what is wrong with a graph", async () => {
  const { result } = await ask(CREATE, input([step("a", ["b"]), step("b", ["a"])]));
  expect(result).toMatchObject({
    __typename: "InvalidInput",
    issues: [{ path: ["tasks", "0", "dependsOn"], message: "waits for itself: a → b → a." }],
  });
});

it("is not there for another tenant", async () => {
  const { result } = await ask(CREATE, input([step("a")]));
  const reach = within(fleet.projectId, null);
  const stranger = { ...fleet.admin, actor: { ...fleet.admin.actor, reach } };
  const { id, graph } = result!.data;
  const found = await ask(
    "query ($a: ID!, $b: ID!) { a: node(id: $a) { id } b: node(id: $b) { id } }",
    { a: id, b: graph.nodes[0]!.taskId },
    stranger,
  );
  expect(found).toEqual({ a: null, b: null });
});

it("a task says what it depends on and when it is ready", async () => {
  const { result: first } = await ask(CREATE, input([step("a")]));
  const { result } = await ask(
    `mutation ($input: CreateTaskInput!) { result: createTask(input: $input) { __typename ... on CreateTaskSuccess { data {
      state dependencyCondition dependencies { workflowStep dependents(first: 5) { totalCount } } } } ... on Error { message } } }`,
    {
      input: {
        projectId: formatId("project", fleet.projectId),
        kind: "build",
        input: {},
        dependsOn: [first!.data.graph.nodes[0]!.taskId],
        dependencyCondition: "ANY_SUCCEEDED",
      },
    },
  );
  expect(result).toEqual({
    __typename: "CreateTaskSuccess",
    data: {
      state: "WAITING",
      dependencyCondition: "ANY_SUCCEEDED",
      dependencies: [{ workflowStep: "a", dependents: { totalCount: 1 } }],
    },
  });
});
