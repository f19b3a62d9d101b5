import { InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture } from "../../test/fixtures.ts";
import { createWorkflow } from "./create-workflow.ts";
import { getWorkflows } from "./workflow-queries.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

describe("creating a workflow", () => {
  const step = (name: string, ...dependsOn: string[]) => ({
    step: name,
    dependsOn,
    task: { kind: "build", input: {} },
  });
  const create = (tasks: ReturnType<typeof step>[], more: object = {}) =>
    createWorkflow(fixture.runtime, fixture.admin, {
      projectId: fixture.projectId,
      name: "w",
      onFailure: "CANCEL_ALL",
      tasks,
      ...more,
    });
  const count = async () =>
    (
      await fixture.database.query<{ n: number }>(
        sql`select (select count(*) from workflows)::int + (select count(*) from tasks)::int as n`,
      )
    )[0]!.n;

  it.each([
    ["a cycle", [step("a", "b"), step("b", "a")], "tasks.0.dependsOn: waits for itself: a → b → a."],
    ["an unknown step", [step("a", "z")], "tasks.0.dependsOn.0: there is no step z in this workflow."],
    ["a name twice", [step("a"), step("a")], "tasks.1.step: is taken: task 0 is the step a, too."],
    ["no step", [], "tasks: must not be empty."],
    ["too many", Array.from({ length: 1_001 }, (_, n) => step(`s${n}`)), "tasks: at most 1,000 tasks."],
  ])("with %s is refused before anything is written", async (_, tasks, message) => {
    const before = await count();
    await expect(create(tasks)).rejects.toThrow(message);
    expect(await count()).toBe(before);
  });

  it("says where in the input a task is wrong, and writes none", async () => {
    const before = await count();
    const late = { ...step("b", "a"), task: { kind: "build", input: {}, deadline: new Date(0) } };
    const failure = await create([step("a"), late]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvalidInput);
    expect((failure as InvalidInput).issues[0]?.path).toEqual(["tasks", "1", "task", "deadline"]);
    expect(await count()).toBe(before);
  });

  it("with the same idempotency key gives the first one, also at the same moment", async () => {
    const key = { idempotencyKey: "once" };
    const made = await Promise.all([create([step("a")], key), create([step("a")], key), create([step("a")], key)]);
    expect(new Set(made.map(({ workflow }) => workflow.id)).size).toBe(1);
    expect(made.filter(({ repeated }) => !repeated)).toHaveLength(1);
  });

  it("in another tenant's project is like in none", async () => {
    const other = await addProject(fixture.database);
    const caller = callerOf({ ...fixture.admin.actor, reach: other });
    const input = {
      projectId: fixture.projectId,
      name: "w",
      onFailure: "CANCEL_ALL" as const,
      tasks: [step("a")],
      idempotencyKey: "once",
    };
    await expect(createWorkflow(fixture.runtime, caller, input)).rejects.toThrow(NotFound);
    const { workflow } = await create([step("a")]);
    expect(await getWorkflows(fixture.runtime, caller, [workflow.id])).toEqual([]);
  });
});
