import { type AgentAction, agentLifecycle, type AgentState } from "@muster/domain/agent-lifecycle.ts";
import { Conflict, IllegalTransition } from "@muster/domain/errors.ts";
import { actionsOf, allowedActions, nextState } from "@muster/domain/lifecycle.ts";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addAgent, createFixture, type Fixture } from "../../test/fixtures.ts";
import { agentEvents, agentRow, holdTask } from "../../test/held-tasks.ts";
import { completeTask } from "../tasks/complete-task.ts";
import type { MovedTask } from "../tasks/task.ts";
import { cancelPendingAction } from "./cancel-pending-action.ts";
import { connectAgent } from "./connect-agent.ts";
import { failAgent } from "./fail-agent.ts";
import { moveAgent } from "./move-agent.ts";
import { transitionAgent } from "./transition-agent.ts";

let fixture: Fixture;
let names = 0;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

/** What an operator expects of an agent, in the simplest words. */
class Model {
  state: AgentState = "REGISTERED";
  pending: AgentAction | null = null;
  active = 0;

  canTake(): boolean {
    return ["ONLINE", "IDLE", "BUSY"].includes(this.state) && this.pending === null;
  }

  /** False when it is not allowed. */
  move(action: AgentAction, trigger: "operator" | "agent" | "system", mode: "DRAIN" | "NOW" = "NOW"): boolean {
    if (!allowedActions(agentLifecycle, this.state, trigger).includes(action)) return false;
    if (this.state === "BUSY" && mode === "DRAIN" && action !== "FAIL") {
      this.pending = action;
      return true;
    }
    if (trigger === "operator") this.pending = null;
    this.enter(nextState(agentLifecycle, this.state, action));
    return true;
  }

  enter(state: AgentState | null): void {
    if (state === null) throw new Error("The model went nowhere.");
    this.state = state;
    if (!["ONLINE", "IDLE", "BUSY", "UNRESPONSIVE"].includes(state)) this.active = 0;
    if (this.active > 0 && state === "ONLINE") this.state = "BUSY";
    if (this.active === 0) this.fire();
    if (!["BUSY", "UNRESPONSIVE"].includes(this.state)) this.pending = null;
  }

  fire(): void {
    const target = this.pending && nextState(agentLifecycle, this.state, this.pending);
    if (!target) return;
    this.pending = null;
    this.enter(target);
  }

  letGo(): void {
    this.active--;
    if (this.active > 0) return;
    if (this.state === "BUSY") this.state = "IDLE";
    this.fire();
  }

  connect(): boolean {
    if (this.state === "DECOMMISSIONED") return false;
    this.active = 0;
    if (this.state === "BUSY") {
      const drains = this.pending !== null;
      this.state = "IDLE";
      this.fire();
      if (drains) return true;
    }
    if (["ERROR", "UNRESPONSIVE", "REGISTERED", "DEPLOYING", "OFFLINE", "IDLE"].includes(this.state))
      this.enter("ONLINE");
    return true;
  }
}

type Step =
  | { readonly do: "transition"; readonly action: AgentAction; readonly mode: "DRAIN" | "NOW" }
  | { readonly do: "hold" | "complete" | "lose" | "connect" | "fail" | "cancelPending" };

const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<Step>({ do: "hold" }) },
    { weight: 3, arbitrary: fc.constantFrom<Step>({ do: "connect" }, { do: "complete" }) },
    { weight: 2, arbitrary: fc.constantFrom<Step>({ do: "lose" }, { do: "fail" }, { do: "cancelPending" }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant("transition" as const),
        action: fc.constantFrom(...actionsOf(agentLifecycle, "operator").filter((action) => action !== "DECOMMISSION")),
        mode: fc.constantFrom("DRAIN" as const, "NOW" as const),
      }),
    },
    { weight: 1, arbitrary: fc.constant<Step>({ do: "transition", action: "DECOMMISSION", mode: "DRAIN" }) },
  ),
  { minLength: 5, maxLength: 25 },
);

async function check(id: string, model: Model): Promise<void> {
  const row = await agentRow(fixture, id);
  expect({ state: row.state, active: row.activeTasks, pending: row.pendingAction }).toEqual({
    state: model.state,
    active: model.active,
    pending: model.pending,
  });
  const [held] = await fixture.database.query<{ count: number }>(
    sql`select count(*)::int as count from tasks where agent_id = ${id} and state in ('ASSIGNED', 'RUNNING', 'CANCELLING')`,
  );
  expect(held?.count).toBe(row.activeTasks);
  const moves = (await agentEvents(fixture, id)).filter((event) => event.type === "agent.transitioned");
  expect(moves.map((move) => move.version)).toEqual(moves.map((_, at) => at + 2));
  expect(row.version).toBe(moves.length + 1);
  let state: unknown = "REGISTERED";
  for (const { payload } of moves) {
    expect(payload["from"]).toBe(state);
    expect(nextState(agentLifecycle, payload["from"] as AgentState, payload["action"] as AgentAction)).toBe(
      payload["to"],
    );
    expect(payload["durationMs"]).toBeGreaterThanOrEqual(0);
    state = payload["to"];
  }
  expect(row.state).toBe(state);
}

it("an agent is always where the model says, and its log tells the way there", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const { runtime, admin } = fixture;
      const { id, caller } = await addAgent(fixture, `agent ${names++}`, "REGISTERED");
      const model = new Model();
      const held: MovedTask[] = [];
      const refused = async (work: Promise<unknown>, allowed: boolean) => {
        if (allowed) await work;
        else await expect(work).rejects.toThrow(IllegalTransition);
      };
      for (const step of sequence) {
        if (step.do === "transition") {
          const work = transitionAgent(runtime, admin, {
            agentId: id,
            action: step.action,
            mode: step.mode,
            reason: "test",
          });
          await refused(work, model.move(step.action, "operator", step.mode));
        } else if (step.do === "hold") {
          if (model.canTake()) {
            held.push(await holdTask(fixture, id));
            model.active++;
            model.state = "BUSY";
          } else await expect(holdTask(fixture, id)).rejects.toThrow("not given");
        } else if (step.do === "complete") {
          const task = held.pop();
          if (task && model.active > 0) {
            await completeTask(runtime, admin, { taskId: task.id, attempt: task.attempt, output: null });
            model.letGo();
          }
        } else if (step.do === "lose") {
          const work = moveAgent(runtime, admin, { agentId: id, action: "LOSE", trigger: "system", reason: "silent" });
          await refused(work, model.move("LOSE", "system"));
        } else if (step.do === "fail") {
          await refused(failAgent(runtime, caller, { agentId: id, error: "crash" }), model.move("FAIL", "agent"));
        } else if (step.do === "connect") {
          await refused(connectAgent(runtime, caller, { agentId: id }), model.connect());
        } else {
          const work = cancelPendingAction(runtime, admin, { agentId: id, reason: "test" });
          if (model.pending === null) await expect(work).rejects.toThrow(Conflict);
          else await work;
          model.pending = null;
        }
        // Tasks that were given back wait; nothing else may take them into account.
        if (model.active === 0) held.length = 0;
        await fixture.database.query(
          sql`update tasks set run_at = '2100-01-01' where target_agent_id = ${id} and state = 'QUEUED'`,
        );
        await check(id, model);
      }
    }),
    { numRuns: 40, interruptAfterTimeLimit: 20_000 },
  );
});
