import { DEPENDENCY_CONDITIONS, type DependencyCondition } from "@muster/domain/dependency-condition.ts";
import { finalStates, nextState } from "@muster/domain/lifecycle.ts";
import { type TaskAction, taskLifecycle, type TaskState } from "@muster/domain/task-lifecycle.ts";
import { FAILURE_POLICIES, type FailurePolicy, type WorkflowState } from "@muster/domain/workflow-lifecycle.ts";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { expectSettled } from "../../test/consistency.ts";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { addWorker } from "../../test/workers.ts";
import { addWorkflow, followUp, Hands, openFollowUps, statesOf, type StepSpec } from "../../test/workflows.ts";
import { cancelTask } from "../tasks/cancel-task.ts";
import { TaskSweeper } from "../tasks/sweep-tasks.ts";
import { cancelWorkflow } from "./cancel-workflow.ts";
import { getWorkflows } from "./workflow-queries.ts";

let fixture: Fixture;
let hands: Hands;
beforeAll(async () => {
  fixture = await createFixture();
  hands = new Hands(fixture, await addWorker(fixture, { maxConcurrency: 1_000 }));
});
afterAll(() => fixture.close());

const ENDED: readonly TaskState[] = finalStates(taskLifecycle);
const hasEnded = (state: TaskState) => ENDED.includes(state);
const isLost = (state: TaskState) => hasEnded(state) && state !== "SUCCEEDED";

interface ModelStep {
  readonly dependsOn: readonly number[];
  readonly condition: DependencyCondition;
  state: TaskState;
}

/** What the documentation says should happen, kept in memory. */
class Model {
  readonly steps: ModelStep[];
  readonly onFailure: FailurePolicy;
  isCancelled = false;
  state: WorkflowState = "RUNNING";

  constructor(graph: readonly Omit<ModelStep, "state">[], onFailure: FailurePolicy) {
    this.steps = graph.map((step) => ({ ...step, state: step.dependsOn.length > 0 ? "WAITING" : "QUEUED" }));
    this.onFailure = onFailure;
  }

  move(step: ModelStep, action: TaskAction): boolean {
    const next = nextState(taskLifecycle, step.state, action);
    if (next !== null) step.state = next;
    return next !== null;
  }

  cancelRest(): void {
    for (const step of this.steps) this.move(step, "CANCEL");
  }

  followUp(): void {
    for (let before = ""; before !== JSON.stringify(this.steps);) {
      before = JSON.stringify(this.steps);
      for (const step of this.steps) this.#decide(step);
      const cancels = this.onFailure === "CANCEL_ALL" && this.steps.some(({ state }) => isLost(state));
      if (cancels) this.cancelRest();
    }
    if (this.state === "RUNNING" && this.steps.every(({ state }) => hasEnded(state))) this.state = this.#outcome();
  }

  #decide(step: ModelStep): void {
    if (step.state !== "WAITING") return;
    const states = step.dependsOn.map((place) => this.steps[place]!.state);
    const succeeded = (state: TaskState) => state === "SUCCEEDED";
    const [ready, never] = {
      ALL_SUCCEEDED: [states.every(succeeded), states.some(isLost)],
      ANY_SUCCEEDED: [states.some(succeeded), states.every(isLost)],
      ALL_ENDED: [states.every(hasEnded), false],
    }[step.condition];
    if (ready) this.move(step, "READY");
    else if (never) this.move(step, "CANCEL");
  }

  #outcome(): WorkflowState {
    const finals = this.steps.filter((_, place) => !this.steps.some(({ dependsOn }) => dependsOn.includes(place)));
    const counting = this.onFailure === "CONTINUE" ? finals : this.steps;
    if (counting.every(({ state }) => state === "SUCCEEDED")) return "SUCCEEDED";
    const failed = this.steps.some(({ state }) => state === "FAILED" || state === "EXPIRED");
    return failed && !this.isCancelled ? "FAILED" : "CANCELLED";
  }
}

const COMMANDS = [
  "start",
  "complete",
  "complete",
  "complete",
  "fail",
  "cancel",
  "expire",
  "followUp",
  "followUp",
] as const;
const Command = fc.oneof(
  { weight: 30, arbitrary: fc.tuple(fc.constantFrom(...COMMANDS), fc.nat(7)) },
  { weight: 1, arbitrary: fc.constant(["cancelWorkflow", 0] as const) },
);
/** Each step may depend on those before it. */
const Graph = fc
  .array(fc.tuple(fc.nat(255), fc.constantFrom(...DEPENDENCY_CONDITIONS)), { minLength: 1, maxLength: 8 })
  .map((steps) =>
    steps.map(([mask, condition], place) => ({
      dependsOn: Array.from({ length: place }, (_, other) => other).filter((other) => mask & (1 << other)),
      condition,
    })),
  );

it("any graph, with any outcomes in any order, goes the way the model goes", async () => {
  await fc.assert(
    fc.asyncProperty(
      Graph,
      fc.constantFrom(...FAILURE_POLICIES),
      fc.array(Command, { minLength: 5, maxLength: 25 }),
      async (graph, onFailure, commands) => {
        const model = new Model(graph, onFailure);
        const specs = graph.map(({ dependsOn, condition }, place): StepSpec => [
          `s${place}`,
          dependsOn.map((other) => `s${other}`),
          condition,
        ]);
        const { workflow, ids } = await addWorkflow(fixture, specs, { onFailure });
        const check = async () => {
          const [row] = await getWorkflows(fixture.runtime, fixture.admin, [workflow.id]);
          expect({ steps: Object.values(await statesOf(fixture, workflow)), state: row!.state }).toEqual({
            steps: model.steps.map(({ state }) => state),
            state: model.state,
          });
        };
        for (const [command, number] of commands) {
          const place = number % graph.length;
          await run(command, model, model.steps[place]!, ids[`s${place}`]!, workflow.id);
          await check();
        }
        // Whatever is left can come to an end.
        for (let left = model.steps.length; left > 0; left -= 1) {
          await run("followUp", model, model.steps[0]!, "", workflow.id);
          for (const [place, step] of model.steps.entries()) {
            if (step.state !== "WAITING") await run("complete", model, step, ids[`s${place}`]!, workflow.id);
          }
        }
        await run("followUp", model, model.steps[0]!, "", workflow.id);
        await check();
        expect(model.state).not.toBe("RUNNING");
        expect(await openFollowUps(fixture)).toBe(0);
      },
    ),
    { numRuns: 30 },
  );
  await expectSettled(fixture.database);
}, 240_000);

async function run(
  command: (typeof COMMANDS)[number] | "cancelWorkflow",
  model: Model,
  step: ModelStep,
  taskId: string,
  workflowId: string,
): Promise<void> {
  const { runtime, admin, database } = fixture;
  switch (command) {
    case "start":
      if (step.state !== "QUEUED") return;
      step.state = "RUNNING";
      return hands.start(taskId);
    case "complete":
      if (!["QUEUED", "RUNNING", "CANCELLING"].includes(step.state)) return;
      step.state = "SUCCEEDED";
      return hands.complete(taskId);
    case "fail": {
      if (!["QUEUED", "RUNNING", "CANCELLING"].includes(step.state)) return;
      step.state = step.state === "CANCELLING" ? "CANCELLED" : "FAILED";
      return hands.fail(taskId, step.state === "CANCELLED" ? "cancelled" : "error");
    }
    case "cancel":
      if (model.move(step, "CANCEL")) await cancelTask(runtime, admin, { taskId, reason: "no" });
      return;
    case "expire":
      if (!model.move(step, "EXPIRE")) return;
      await database.query(
        sql`update tasks set deadline = clock_timestamp() - interval '1 second' where id = ${taskId}`,
      );
      return new TaskSweeper(runtime).sweep();
    case "followUp":
      model.followUp();
      return followUp(fixture);
    case "cancelWorkflow":
      if (model.state !== "RUNNING") return;
      if (!model.isCancelled) model.cancelRest();
      model.isCancelled = true;
      await cancelWorkflow(runtime, admin, { workflowId, reason: "no" });
  }
}
