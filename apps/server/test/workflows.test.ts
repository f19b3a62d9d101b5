import { afterAll, beforeAll, expect, it } from "vitest";
import { createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";
import { eventually } from "./processes.ts";
import { change, runAgent } from "./sdk-fixtures.ts";

let server: TestServer;
let tenant: Tenant;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

interface WorkflowRow {
  readonly id: string;
  readonly state: string;
  readonly tasks: {
    readonly edges: readonly { readonly node: { readonly workflowStep: string; readonly output: unknown } }[];
  };
}

const ROW = "id state tasks(first: 50) { edges { node { workflowStep output } } }";

async function workflowIn(id: string, state: string): Promise<WorkflowRow> {
  const query = `query ($id: ID!) { node(id: $id) { ... on Workflow { ${ROW} } } }`;
  const look = async () => (await server.ask<{ node: WorkflowRow }>(query, { id })).data!.node;
  return eventually(look, (workflow) => workflow.state === state);
}

it("a workflow runs through agents, each step with the outputs of those before it", async () => {
  const seen: unknown[] = [];
  await runAgent(server, tenant, {
    tasks: {
      number: ({ input, dependencies }) => {
        seen.push(dependencies);
        return input;
      },
      sum: ({ dependencies }) => dependencies.reduce((sum, { output }) => sum + Number(output), 0),
      report: ({ dependencies }) =>
        dependencies.map(({ step, state, output }) => `${step} ${state} ${JSON.stringify(output)}`),
      broken: () => {
        throw new Error("It is broken.");
      },
    },
  });
  const step = (name: string, kind: string, input: unknown, ...dependsOn: string[]) => ({
    step: name,
    dependsOn,
    condition: "ALL_ENDED",
    task: { kind, input, maxFailures: 1 },
  });
  const { id } = await change<{ id: string }>(
    server,
    "createWorkflow",
    {
      projectId: tenant.projectId,
      name: "sums",
      onFailure: "CONTINUE",
      tasks: [
        step("report", "report", {}, "sum", "broken"),
        step("one", "number", 1),
        step("two", "number", 2),
        step("broken", "broken", {}),
        step("sum", "sum", {}, "one", "two"),
      ],
    },
    "id",
  );
  const { tasks } = await workflowIn(id, "SUCCEEDED");
  const outputs = Object.fromEntries(tasks.edges.map(({ node }) => [node.workflowStep, node.output]));
  expect(outputs).toEqual({ one: 1, two: 2, sum: 3, broken: null, report: ["broken FAILED null", "sum SUCCEEDED 3"] });
  expect(seen).toEqual([[], []]);
  const { data } = await server.ask<{ node: { events: { edges: { node: { type: string; subjectId: string } }[] } } }>(
    `query ($id: ID!) { node(id: $id) { ... on Project { events(first: 10, filter: { types: ["workflow.created", "workflow.transitioned"] }) {
      edges { node { type subjectId } } } } } }`,
    { id: tenant.projectId },
  );
  expect(data?.node.events.edges.map(({ node }) => node)).toEqual([
    { type: "workflow.created", subjectId: id },
    { type: "workflow.transitioned", subjectId: id },
  ]);
});
