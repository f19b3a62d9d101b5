import { formatId } from "@muster/domain/ids.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { addWorker, eventsOf } from "../../test/workers.ts";
import { addWorkflow, followUp, Hands, openFollowUps, statesOf } from "../../test/workflows.ts";
import { cancelTask } from "../tasks/cancel-task.ts";
import { retryTask } from "../tasks/retry-task.ts";
import { TaskSweeper } from "../tasks/sweep-tasks.ts";
import { getTasks } from "../tasks/task-queries.ts";
import { getWorkflows } from "./workflow-queries.ts";

let fixture: Fixture;
let hands: Hands;
beforeAll(async () => {
  fixture = await createFixture();
  hands = new Hands(fixture, await addWorker(fixture, { maxConcurrency: 1_000 }));
});
afterAll(() => fixture.close());

const workflowState = async (id: string) => (await getWorkflows(fixture.runtime, fixture.admin, [id]))[0]?.state;

describe("a workflow", () => {
  it("runs a diamond in order, and ends when all have succeeded", async () => {
    const { workflow, ids } = await addWorkflow(fixture, [
      ["join", ["left", "right"]],
      ["left", ["first"]],
      ["right", ["first"]],
      ["first"],
    ]);
    expect(await statesOf(fixture, workflow)).toEqual({
      join: "WAITING",
      left: "WAITING",
      right: "WAITING",
      first: "QUEUED",
    });
    await hands.complete(ids["first"]!);
    await followUp(fixture);
    expect(await statesOf(fixture, workflow)).toMatchObject({ left: "QUEUED", right: "QUEUED", join: "WAITING" });
    await hands.complete(ids["left"]!);
    await followUp(fixture);
    expect(await statesOf(fixture, workflow)).toMatchObject({ join: "WAITING" });
    await hands.complete(ids["right"]!);
    await followUp(fixture);
    expect(await workflowState(workflow.id)).toBe("RUNNING");
    await hands.complete(ids["join"]!);
    await followUp(fixture);
    expect(await openFollowUps(fixture)).toBe(0);
    const [ended] = await getWorkflows(fixture.runtime, fixture.admin, [workflow.id]);
    expect(ended).toMatchObject({ state: "SUCCEEDED", version: 2, taskCount: 4, finishedAt: expect.any(Date) as Date });
    expect(
      (await eventsOf(fixture, workflow.id)).map(({ type, subjectVersion, payload }) => ({
        type,
        subjectVersion,
        payload,
      })),
    ).toEqual([
      {
        type: "workflow.created",
        subjectVersion: 1,
        payload: { name: "test", onFailure: "SKIP_DEPENDENTS", taskCount: 4 },
      },
      {
        type: "workflow.transitioned",
        subjectVersion: 2,
        payload: {
          name: "test",
          from: "RUNNING",
          to: "SUCCEEDED",
          action: "SUCCEED",
          durationMs: expect.any(Number) as number,
        },
      },
    ]);
    const joined = await eventsOf(fixture, ids["join"]!);
    expect(joined.slice(0, 2)).toMatchObject([
      { payload: { from: null, to: "WAITING", action: "CREATE" } },
      { payload: { from: "WAITING", to: "QUEUED", action: "READY" }, actorKind: "SYSTEM", actorName: "follow-ups" },
    ]);
  });

  it("fans out to 200 and joins them", async () => {
    const middle = Array.from({ length: 200 }, (_, n) => `m${n}`);
    const { workflow, ids } = await addWorkflow(fixture, [
      ["first"],
      ...middle.map((step) => [step, ["first"]] as const),
      ["join", middle],
    ]);
    await hands.complete(ids["first"]!);
    await followUp(fixture);
    const states = await statesOf(fixture, workflow);
    expect(middle.filter((step) => states[step] === "QUEUED")).toHaveLength(200);
    await hands.completeAll(middle.slice(1).map((step) => ids[step]!));
    await followUp(fixture);
    expect(await statesOf(fixture, workflow)).toMatchObject({ join: "WAITING" });
    await hands.complete(ids["m0"]!);
    await followUp(fixture);
    expect(await statesOf(fixture, workflow)).toMatchObject({ join: "QUEUED" });
    await cancelTask(fixture.runtime, fixture.admin, { taskId: ids["join"]!, reason: "enough" });
    await followUp(fixture);
    expect(await workflowState(workflow.id)).toBe("CANCELLED");
  }, 60_000);

  it("readies a step with ANY_SUCCEEDED at the first success, and gives it up when none is left", async () => {
    const { ids, workflow } = await addWorkflow(fixture, [
      ["a"],
      ["b"],
      ["any", ["a", "b"], "ANY_SUCCEEDED"],
      ["c"],
      ["d"],
      ["none", ["c", "d"], "ANY_SUCCEEDED"],
    ]);
    await hands.fail(ids["a"]!);
    await hands.fail(ids["c"]!);
    await followUp(fixture);
    expect(await statesOf(fixture, workflow)).toMatchObject({ any: "WAITING", none: "WAITING" });
    await hands.complete(ids["b"]!);
    await hands.fail(ids["d"]!);
    await followUp(fixture);
    expect(await statesOf(fixture, workflow)).toMatchObject({ any: "QUEUED", none: "CANCELLED" });
    const [none] = await getTasks(fixture.runtime, fixture.admin, [ids["none"]!]);
    expect(none?.cancelReason).toBe(`It can no longer become ready: ${formatId("task", ids["c"]!)} is FAILED.`);
    await hands.complete(ids["any"]!);
    await followUp(fixture);
    expect(await workflowState(workflow.id)).toBe("FAILED");
  });

  it("readies a step with ALL_ENDED when the last one has ended, however they did", async () => {
    const { ids, workflow } = await addWorkflow(fixture, [["a"], ["b"], ["always", ["a", "b"], "ALL_ENDED"]]);
    await hands.fail(ids["a"]!);
    await followUp(fixture);
    expect(await statesOf(fixture, workflow)).toMatchObject({ always: "WAITING" });
    await cancelTask(fixture.runtime, fixture.admin, { taskId: ids["b"]!, reason: "no" });
    await followUp(fixture);
    expect(await statesOf(fixture, workflow)).toMatchObject({ always: "QUEUED" });
    await hands.complete(ids["always"]!);
    await followUp(fixture);
    expect(await workflowState(workflow.id)).toBe("FAILED");
  });

  it("waits for a step's own time once it is ready", async () => {
    const runAt = new Date(Date.now() + 3_600_000);
    const { ids } = await addWorkflow(fixture, [["a"], ["b", ["a"]]], { task: { runAt } });
    const read = async (step: string) => (await getTasks(fixture.runtime, fixture.admin, [ids[step]!]))[0];
    expect(await read("b")).toMatchObject({ state: "WAITING", parkedFor: null });
    await fixture.database.query(sql`update tasks set parked_for = null, parked_until = null where id = ${ids["a"]}`);
    await hands.complete(ids["a"]!);
    await followUp(fixture);
    expect(await read("b")).toMatchObject({ state: "QUEUED", parkedFor: "TIME", parkedUntil: runAt });
  });
});

describe("when a step in the middle fails", () => {
  const graph = [
    ["a"],
    ["b", ["a"]],
    ["c", ["b"]],
    ["d", ["c"]],
    ["x"],
    ["y", ["x"]],
    ["end", ["d", "y"], "ANY_SUCCEEDED"],
  ] as const;

  async function failB(onFailure: "CANCEL_ALL" | "SKIP_DEPENDENTS" | "CONTINUE") {
    const { workflow, ids } = await addWorkflow(fixture, graph, { onFailure });
    await hands.complete(ids["a"]!);
    await hands.start(ids["x"]!);
    await followUp(fixture);
    await hands.fail(ids["b"]!);
    await followUp(fixture);
    return { workflow, ids };
  }

  it("CANCEL_ALL cancels the rest, and asks what runs to stop", async () => {
    const { workflow, ids } = await failB("CANCEL_ALL");
    expect(await statesOf(fixture, workflow)).toEqual({
      a: "SUCCEEDED",
      b: "FAILED",
      c: "CANCELLED",
      d: "CANCELLED",
      x: "CANCELLING",
      y: "CANCELLED",
      end: "CANCELLED",
    });
    const [y] = await getTasks(fixture.runtime, fixture.admin, [ids["y"]!]);
    expect(y?.cancelReason).toBe(`Its workflow ends, because ${formatId("task", ids["b"]!)} is FAILED.`);
    expect(await workflowState(workflow.id)).toBe("RUNNING");
    await hands.fail(ids["x"]!, "cancelled");
    await followUp(fixture);
    expect(await workflowState(workflow.id)).toBe("FAILED");
  });

  it.each([
    ["SKIP_DEPENDENTS", "FAILED"],
    ["CONTINUE", "SUCCEEDED"],
  ] as const)("%s cancels what can no longer be ready, and the workflow ends as %s", async (onFailure, state) => {
    const { workflow, ids } = await failB(onFailure);
    expect(await statesOf(fixture, workflow)).toEqual({
      a: "SUCCEEDED",
      b: "FAILED",
      c: "CANCELLED",
      d: "CANCELLED",
      x: "RUNNING",
      y: "WAITING",
      end: "WAITING",
    });
    for (const step of ["x", "y", "end"]) {
      await hands.complete(ids[step]!);
      await followUp(fixture);
    }
    expect(await workflowState(workflow.id)).toBe(state);
  });

  it("CONTINUE fails when a final step did not succeed", async () => {
    const { workflow, ids } = await addWorkflow(fixture, [["a"], ["b"]], { onFailure: "CONTINUE" });
    await hands.complete(ids["a"]!);
    await hands.fail(ids["b"]!);
    await followUp(fixture);
    expect(await workflowState(workflow.id)).toBe("FAILED");
  });

  it("an expired step counts like a failed one, also while it waits", async () => {
    const { workflow, ids } = await addWorkflow(fixture, [["a"], ["b", ["a"]], ["c", ["b"]]]);
    await fixture.database.query(
      sql`update tasks set deadline = clock_timestamp() - interval '1 hour' where id = ${ids["b"]}`,
    );
    await new TaskSweeper(fixture.runtime).sweep();
    await followUp(fixture);
    expect(await statesOf(fixture, workflow)).toEqual({ a: "QUEUED", b: "EXPIRED", c: "CANCELLED" });
    await hands.complete(ids["a"]!);
    await followUp(fixture);
    expect(await workflowState(workflow.id)).toBe("FAILED");
  });

  it("running it again makes a task of its own, which gets what the first one got and leaves the workflow as it is", async () => {
    const { workflow, ids } = await addWorkflow(fixture, [["a"], ["b", ["a"]], ["c", ["b"]]]);
    await hands.complete(ids["a"]!, "from a");
    await followUp(fixture);
    await hands.fail(ids["b"]!);
    const again = await retryTask(fixture.runtime, fixture.admin, { taskId: ids["b"]! });
    expect(again).toMatchObject({ state: "QUEUED", replayOf: ids["b"], workflowId: null });
    await followUp(fixture);
    await hands.complete(again.id);
    await followUp(fixture);
    expect(await statesOf(fixture, workflow)).toEqual({ a: "SUCCEEDED", b: "FAILED", c: "CANCELLED" });
    expect(await workflowState(workflow.id)).toBe("FAILED");
  });
});
