import { Forbidden, IllegalTransition, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture } from "../../test/fixtures.ts";
import { addWorker, eventsOf, type Worker } from "../../test/workers.ts";
import { addWorkflow, followUp, Hands, openFollowUps, statesOf } from "../../test/workflows.ts";
import { seeToFollowUps } from "../follow-ups/see-to-follow-ups.ts";
import { claimReady } from "../tasks/claim-tasks.ts";
import { cancelWorkflow } from "./cancel-workflow.ts";
import { getWorkflows } from "./workflow-queries.ts";

let fixture: Fixture;
let worker: Worker;
let hands: Hands;
beforeAll(async () => {
  fixture = await createFixture();
  worker = await addWorker(fixture, { maxConcurrency: 1_000 });
  hands = new Hands(fixture, worker);
});
afterAll(() => fixture.close());

const read = async (id: string) => (await getWorkflows(fixture.runtime, fixture.admin, [id]))[0]!;
const cancel = (workflowId: string, reason = "not needed") =>
  cancelWorkflow(fixture.runtime, fixture.admin, { workflowId, reason });

describe("cancelling a workflow", () => {
  it("ends at once what does not run, asks what runs to stop, and ends when that has", async () => {
    const { workflow, ids } = await addWorkflow(fixture, [["a"], ["b"], ["c", ["a"]], ["d", ["b"], "ALL_ENDED"]]);
    await hands.start(ids["a"]!);
    const cancelled = await cancel(workflow.id);
    expect(cancelled).toMatchObject({ state: "RUNNING", cancelReason: "not needed", version: 2 });
    expect(await statesOf(fixture, workflow)).toEqual({
      a: "CANCELLING",
      b: "CANCELLED",
      c: "CANCELLED",
      d: "CANCELLED",
    });
    expect((await eventsOf(fixture, ids["b"]!)).at(-1)).toMatchObject({ actorName: "admin", reason: "not needed" });
    await followUp(fixture);
    expect((await read(workflow.id)).state).toBe("RUNNING");
    expect(await cancel(workflow.id, "again")).toMatchObject({ cancelReason: "not needed", version: 2 });
    await hands.fail(ids["a"]!, "cancelled");
    await followUp(fixture);
    expect(await read(workflow.id)).toMatchObject({ state: "CANCELLED", version: 3 });
    expect((await eventsOf(fixture, workflow.id)).map(({ type, reason }) => [type, reason])).toEqual([
      ["workflow.created", null],
      ["workflow.cancel_requested", "not needed"],
      ["workflow.transitioned", "not needed"],
    ]);
    await expect(cancel(workflow.id)).rejects.toThrow(IllegalTransition);
    expect(await openFollowUps(fixture)).toBe(0);
  });

  it("is CANCELLED also when what was asked to stop failed, and SUCCEEDED when all of it succeeded nevertheless", async () => {
    const failing = await addWorkflow(fixture, [["a"], ["b"]]);
    const succeeding = await addWorkflow(fixture, [["a"]]);
    for (const { ids } of [failing, succeeding]) await hands.start(ids["a"]!);
    await hands.fail(failing.ids["b"]!);
    await cancel(failing.workflow.id);
    await cancel(succeeding.workflow.id);
    await hands.complete(failing.ids["a"]!);
    await hands.complete(succeeding.ids["a"]!);
    await followUp(fixture);
    expect((await read(failing.workflow.id)).state).toBe("CANCELLED");
    expect((await read(succeeding.workflow.id)).state).toBe("SUCCEEDED");
  });

  it("waits for no lock: what is locked just now is cancelled by the follow-ups", async () => {
    const { workflow, ids } = await addWorkflow(fixture, [["a"], ["b"]]);
    await fixture.database.transaction(async (transaction) => {
      await transaction.query(sql`select from tasks where id = ${ids["b"]} for no key update`);
      await cancel(workflow.id);
      expect(await statesOf(fixture, workflow)).toEqual({ a: "CANCELLED", b: "QUEUED" });
      expect(await seeToFollowUps(fixture.runtime)).toEqual({ taken: 2, left: 2 });
    });
    await followUp(fixture);
    expect(await statesOf(fixture, workflow)).toEqual({ a: "CANCELLED", b: "CANCELLED" });
    expect((await read(workflow.id)).state).toBe("CANCELLED");
  });

  it("a workflow that is locked just now ends when it is free", async () => {
    const { workflow, ids } = await addWorkflow(fixture, [["a"]]);
    await hands.complete(ids["a"]!);
    await fixture.database.transaction(async (transaction) => {
      await transaction.query(sql`select from workflows where id = ${workflow.id} for no key update`);
      expect(await seeToFollowUps(fixture.runtime)).toEqual({ taken: 1, left: 1 });
    });
    expect((await read(workflow.id)).state).toBe("RUNNING");
    await followUp(fixture);
    expect((await read(workflow.id)).state).toBe("SUCCEEDED");
  });

  it("while its steps are claimed: none is left over", async () => {
    for (let round = 0; round < 15; round += 1) {
      const steps = Array.from({ length: 10 }, (_, n) => [`s${n}`] as const);
      const { workflow } = await addWorkflow(fixture, steps);
      await Promise.all([
        claimReady(fixture.runtime, worker.caller, { ...worker, max: 10 }),
        cancel(workflow.id),
        followUp(fixture),
      ]);
      await followUp(fixture);
      expect(new Set(Object.values(await statesOf(fixture, workflow)))).toEqual(new Set(["CANCELLED"]));
      expect((await read(workflow.id)).state).toBe("CANCELLED");
    }
  });

  it("is refused when it has ended, and leaves it as it is", async () => {
    const { workflow, ids } = await addWorkflow(fixture, [["a"]]);
    await hands.complete(ids["a"]!);
    await followUp(fixture);
    await expect(cancel(workflow.id)).rejects.toThrow(IllegalTransition);
    expect(await read(workflow.id)).toMatchObject({ state: "SUCCEEDED", version: 2, cancelReason: null });
  });

  it("needs the permission, a reason, and a workflow in reach", async () => {
    const { workflow } = await addWorkflow(fixture, [["a"]]);
    const { actor } = fixture.admin;
    const weak = callerOf({ ...actor, permissions: new Set(["task.read", "task.create"]) });
    const foreign = callerOf({ ...actor, reach: await addProject(fixture.database) });
    const input = { workflowId: workflow.id, reason: "no" };
    await expect(cancelWorkflow(fixture.runtime, weak, input)).rejects.toThrow(Forbidden);
    await expect(cancelWorkflow(fixture.runtime, foreign, input)).rejects.toThrow(NotFound);
    await expect(cancel(workflow.id, "")).rejects.toThrow(InvalidInput);
    expect(await statesOf(fixture, workflow)).toEqual({ a: "QUEUED" });
  });
});
