import { afterAll, beforeAll, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { addWorkflow, followUp } from "../../test/workflows.ts";
import { getDependencies, listDependents } from "./dependency-queries.ts";
import { cancelWorkflow } from "./cancel-workflow.ts";
import { getWorkflows, listWorkflows, type WorkflowFilter } from "./workflow-queries.ts";
import { countWorkflowTasks, getWorkflowGraphs, listWorkflowTasks } from "./workflow-tasks.ts";

let fixture: Fixture;
let made: Awaited<ReturnType<typeof addWorkflow>>[];
beforeAll(async () => {
  fixture = await createFixture();
  made = [];
  for (let n = 0; n < 3; n += 1) made.push(await addWorkflow(fixture, [["a"], ["b", ["a"]], ["c", ["a", "b"]]]));
  await cancelWorkflow(fixture.runtime, fixture.admin, { workflowId: made[1]!.workflow.id, reason: "no" });
  await followUp(fixture);
});
afterAll(() => fixture.close());

const listed = async (filter: WorkflowFilter, first = 10) => {
  const page = await only(
    listWorkflows(fixture.runtime, fixture.admin, [fixture.projectId], { filter, page: { first } }),
  );
  return { places: page.edges.map(({ node }) => made.findIndex(({ workflow }) => workflow.id === node.id)), page };
};

it("workflows are listed the newest first, by state, name or id", async () => {
  expect((await listed({})).places).toEqual([2, 1, 0]);
  expect((await listed({ states: ["RUNNING"] })).places).toEqual([2, 0]);
  expect((await listed({ states: ["CANCELLED", "RUNNING"], search: "te" })).places).toEqual([2, 1, 0]);
  expect((await listed({ search: made[0]!.workflow.id })).places).toEqual([0]);
  expect([(await listed({ search: "est" })).places, (await listed({ states: [] })).places]).toEqual([[], []]);
  const { page } = await listed({}, 1);
  expect([page.hasNextPage, await page.count()]).toEqual([true, { count: 3, capped: false }]);
});

it("a workflow's tasks come in order, are counted by state, and stand in its graph", async () => {
  const { workflow, ids } = made[0]!;
  const tasks = await only(listWorkflowTasks(fixture.runtime, fixture.admin, [workflow.id], { first: 2 }));
  expect(tasks.edges.map(({ node }) => node.workflowStep)).toEqual(["a", "b"]);
  const counts = await only(countWorkflowTasks(fixture.runtime, fixture.admin, [workflow.id]));
  expect(counts.filter(({ count }) => count > 0)).toEqual([
    { state: "WAITING", count: 2 },
    { state: "QUEUED", count: 1 },
  ]);
  const graph = await only(getWorkflowGraphs(fixture.runtime, fixture.admin, [workflow.id]));
  expect(graph.nodes.map(({ step, taskId, state }) => ({ step, taskId, state }))).toEqual([
    { step: "a", taskId: ids["a"], state: "QUEUED" },
    { step: "b", taskId: ids["b"], state: "WAITING" },
    { step: "c", taskId: ids["c"], state: "WAITING" },
  ]);
  expect(graph.nodes[0]).toMatchObject({ stateSince: expect.any(Date), startedAt: null, finishedAt: null });
  expect(graph.edges.map(({ from, to }) => `${from}>${to}`)).toEqual(["a>b", "a>c", "b>c"]);
});

it("nothing of it is there for another tenant", async () => {
  const { runtime } = fixture;
  const { workflow, ids } = made[0]!;
  const stranger = callerOf({ ...fixture.admin.actor, reach: await addProject(fixture.database) });
  expect(await getWorkflows(runtime, stranger, [workflow.id])).toEqual([]);
  const page = { first: 10 };
  const lists = [
    await only(listWorkflows(runtime, stranger, [fixture.projectId], { page })),
    await only(listWorkflowTasks(runtime, stranger, [workflow.id], page)),
    await only(listDependents(runtime, stranger, [ids["a"]!], page)),
  ];
  expect(lists.map(({ edges }) => edges)).toEqual([[], [], []]);
  expect(await only(getDependencies(runtime, stranger, [ids["c"]!]))).toEqual([]);
  expect(await only(getWorkflowGraphs(runtime, stranger, [workflow.id]))).toEqual({ nodes: [], edges: [] });
  const counts = await only(countWorkflowTasks(runtime, stranger, [workflow.id]));
  expect(counts.every(({ count }) => count === 0)).toBe(true);
});
