import { Conflict, Forbidden, NotFound } from "@muster/domain/errors.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker, agentRow, eventually, type Worker } from "../../test/workers.ts";
import { connectAgent } from "../agents/connect-agent.ts";
import { moveAgent } from "../agents/move-agent.ts";
import { openContext } from "../contexts/open-context.ts";
import { rollBackContext } from "../contexts/rollbacks/roll-back-context.ts";
import { getVersionData } from "../contexts/versions/version-queries.ts";
import { writeContext } from "../contexts/versions/write-context.ts";
import { newId } from "../new-id.ts";
import { cancelTask } from "../tasks/cancel-task.ts";
import { completeTask } from "../tasks/complete-task.ts";
import { startTask } from "../tasks/start-task.ts";
import { Assignments } from "./assignments.ts";
import type { InboxMessage } from "./inbox-message.ts";
import { openInbox } from "./open-inbox.ts";

let fixture: Fixture;
let assignments: Assignments;
beforeEach(async () => {
  fixture = await createFixture();
  assignments = new Assignments(fixture.runtime, (error) => {
    throw error;
  });
});
afterEach(async () => {
  await assignments.close();
  await fixture.close();
});

/** An agent whose process has connected. */
async function connected(options: Parameters<typeof addWorker>[1] = {}): Promise<Worker> {
  const worker = await addWorker(fixture, options);
  const { incarnation } = await connectAgent(fixture.runtime, worker.caller, {
    agentId: worker.id,
    capabilities: ["build"],
  });
  return { ...worker, incarnation };
}

/** Opens an inbox and collects what it says. */
async function listen(worker: Worker) {
  const { agentId, incarnation, caller } = worker;
  const messages = await openInbox(fixture.runtime, assignments, caller, { agentId, incarnation });
  const got: InboxMessage[] = [];
  const ended = (async () => {
    for await (const message of messages) got.push(message);
  })();
  return {
    got,
    ended,
    stop: () => messages.return?.(),
    until: (count: number) => eventually(() => got.length >= count),
  };
}

const operate = (worker: Worker, action: "SUSPEND" | "RESUME" | "STOP" | "MAINTAIN") =>
  moveAgent(fixture.runtime, fixture.admin, {
    agentId: worker.id,
    action,
    trigger: "operator",
    reason: `please ${action}`,
  });

describe("an inbox", () => {
  it("gives the agent work: what waited when it opened, and what comes", async () => {
    const worker = await connected({ maxConcurrency: 2 });
    const first = await addTask(fixture);
    const inbox = await listen(worker);
    await inbox.until(1);
    const second = await addTask(fixture, { agentId: worker.id });
    await inbox.until(2);
    expect(inbox.got).toMatchObject([
      {
        type: "TaskAssigned",
        attempt: 1,
        task: { id: first.id, state: "ASSIGNED", input: { n: 1 } },
        leaseUntil: expect.any(Date) as Date,
      },
      { type: "TaskAssigned", attempt: 1, task: { id: second.id } },
    ]);
  });

  it("says again after a reconnect what has not been answered, with the same ids, and nothing twice in between", async () => {
    const worker = await connected({ maxConcurrency: 3 });
    const inbox = await listen(worker);
    for (let n = 0; n < 3; n += 1) await addTask(fixture);
    await inbox.until(3);
    const [started, cancelled, offered] = inbox.got as Extract<InboxMessage, { type: "TaskAssigned" }>[];
    for (const { task } of [started!, cancelled!])
      await startTask(fixture.runtime, worker.caller, { taskId: task.id, attempt: 1 });
    await cancelTask(fixture.runtime, fixture.admin, { taskId: cancelled!.task.id, reason: "changed my mind" });
    await inbox.until(4);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(inbox.got).toHaveLength(4);
    const request = inbox.got[3] as Extract<InboxMessage, { type: "TaskCancelRequested" }>;
    expect(request).toMatchObject({
      type: "TaskCancelRequested",
      attempt: 1,
      reason: "changed my mind",
      task: { id: cancelled!.task.id },
    });
    expect(request.graceMs).toBeGreaterThan(10_000);
    expect(request.graceMs).toBeLessThanOrEqual(15_000);
    await inbox.stop();
    await inbox.ended;
    const again = await listen(worker);
    await again.until(2);
    expect(new Set(again.got.map(({ id }) => id))).toEqual(new Set([request.id, offered!.id]));
  });

  it("stops giving work when it is closed", async () => {
    const worker = await connected();
    const inbox = await listen(worker);
    await inbox.stop();
    await inbox.ended;
    await addTask(fixture);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(await agentRow(fixture, worker.id)).toMatchObject({ activeTasks: 0 });
  });

  it("says what an operator wants, the newest request only, also after a reconnect", async () => {
    const worker = await connected();
    const inbox = await listen(worker);
    await operate(worker, "SUSPEND");
    await inbox.until(1);
    await operate(worker, "RESUME");
    await inbox.until(2);
    expect(inbox.got).toMatchObject([
      { type: "StateRequested", action: "SUSPEND", reason: "please SUSPEND", mode: "NOW" },
      { type: "StateRequested", action: "RESUME", reason: "please RESUME", mode: "NOW" },
    ]);
    const again = await listen(worker);
    await again.until(1);
    expect(again.got).toEqual([inbox.got[1]]);
    const { incarnation } = await connectAgent(fixture.runtime, worker.caller, { agentId: worker.id });
    const next = await listen({ ...worker, incarnation });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(next.got).toEqual([]);
  });

  it("says what the agent drains towards, and that it has happened", async () => {
    const worker = await connected();
    const inbox = await listen(worker);
    const { id: taskId } = await addTask(fixture);
    await inbox.until(1);
    await startTask(fixture.runtime, worker.caller, { taskId, attempt: 1 });
    await operate(worker, "STOP");
    await inbox.until(2);
    expect(inbox.got[1]).toMatchObject({
      type: "StateRequested",
      action: "STOP",
      mode: "DRAIN",
      reason: "please STOP",
    });
    await completeTask(fixture.runtime, worker.caller, { taskId, attempt: 1 });
    expect(await agentRow(fixture, worker.id)).toMatchObject({ state: "OFFLINE" });
    await inbox.until(3);
    expect(inbox.got[2]).toMatchObject({ type: "StateRequested", action: "STOP", mode: "NOW", reason: "please STOP" });
  });

  it("says that a context has changed, and that it was rolled back", async () => {
    const worker = await connected();
    const inbox = await listen(worker);
    const { caller } = worker;
    const context = await openContext(fixture.runtime, caller, {
      projectId: fixture.projectId,
      agentId: worker.id,
      name: "notes",
    });
    for (const n of [1, 2]) await writeContext(fixture.runtime, caller, { contextId: context.id, data: { n } });
    await getVersionData(fixture.runtime, caller, [{ contextId: context.id, number: 2 }]);
    await writeContext(fixture.runtime, fixture.admin, { contextId: context.id, data: { n: 3 } });
    await inbox.until(1);
    await rollBackContext(fixture.runtime, fixture.admin, { contextId: context.id, toVersion: 1, reason: "wrong" });
    await inbox.until(2);
    expect(inbox.got).toMatchObject([
      { type: "ContextChanged", contextId: context.id, version: 3, rolledBack: false },
      { type: "ContextChanged", contextId: context.id, version: 4, rolledBack: true },
    ]);
  });

  it("ends with Superseded when a newer process connects, and at once for an older one", async () => {
    const worker = await connected();
    const inbox = await listen(worker);
    const { incarnation } = await connectAgent(fixture.runtime, worker.caller, { agentId: worker.id });
    await inbox.ended;
    expect(inbox.got).toEqual([{ type: "Superseded", id: `superseded ${incarnation}`, incarnation }]);
    const late = await listen(worker);
    await late.ended;
    expect(late.got).toEqual(inbox.got);
  });

  it("is open to its own agent only", async () => {
    const [worker, other] = [await connected(), await connected()];
    const open = (input: object, caller = worker.caller) =>
      openInbox(fixture.runtime, assignments, caller, {
        agentId: worker.id,
        incarnation: worker.incarnation,
        ...input,
      });
    await expect(open({}, other.caller)).rejects.toThrow(Forbidden);
    await expect(open({ agentId: newId() }, fixture.admin)).rejects.toThrow(NotFound);
    await expect(open({ incarnation: worker.incarnation + 1 })).rejects.toThrow(Conflict);
  });
});
