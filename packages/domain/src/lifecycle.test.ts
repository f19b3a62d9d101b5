import { describe, expect, it } from "vitest";
import { AGENT_ACTIONS, AGENT_STATES, agentLifecycle, GONE_STATES, HOLDING_STATES } from "./agent-lifecycle.ts";
import { BULK_JOB_ACTIONS, BULK_JOB_STATES, bulkJobLifecycle } from "./bulk-job-lifecycle.ts";
import { actionsOf, allowedActions, drainingStates, finalStates, movesOf, nextState } from "./lifecycle.ts";
import { ROLLBACK_ACTIONS, rollbackLifecycle } from "./rollback-lifecycle.ts";
import { ROLLBACK_STATES } from "./rollback-state.ts";
import { TASK_ACTIONS, TASK_STATES, taskLifecycle } from "./task-lifecycle.ts";
import { WEBHOOK_ACTIONS, WEBHOOK_STATES, webhookLifecycle } from "./webhook-lifecycle.ts";
import { WORKFLOW_ACTIONS, WORKFLOW_STATES, workflowLifecycle } from "./workflow-lifecycle.ts";

// Written by hand, one line a state, from what an operator expects; not derived from the lifecycles. "ACTION>STATE", and
// what is not listed is not allowed. A "~" before the state: the action drains.
const AGENT: Record<(typeof AGENT_STATES)[number], string> = {
  REGISTERED: "START>DEPLOYING ACTIVATE>ONLINE SUSPEND>SUSPENDED FAIL>ERROR STOP>OFFLINE DECOMMISSION>DECOMMISSIONED",
  DEPLOYING: "ACTIVATE>ONLINE REST>IDLE LOSE>ERROR FAIL>ERROR STOP>OFFLINE",
  ONLINE:
    "RESTART>DEPLOYING ASSIGN>BUSY REST>IDLE SUSPEND>SUSPENDED MAINTAIN>MAINTENANCE LOSE>UNRESPONSIVE FAIL>ERROR STOP>OFFLINE",
  BUSY: "RESTART>~DEPLOYING RELEASE>IDLE SUSPEND>~SUSPENDED MAINTAIN>~MAINTENANCE LOSE>UNRESPONSIVE FAIL>ERROR STOP>~OFFLINE",
  IDLE: "RESTART>DEPLOYING ACTIVATE>ONLINE ASSIGN>BUSY SUSPEND>SUSPENDED MAINTAIN>MAINTENANCE LOSE>UNRESPONSIVE FAIL>ERROR STOP>OFFLINE",
  SUSPENDED: "RESTART>DEPLOYING MAINTAIN>MAINTENANCE RESUME>ONLINE FAIL>ERROR STOP>OFFLINE DECOMMISSION>DECOMMISSIONED",
  MAINTENANCE: "RESTART>DEPLOYING RESUME>ONLINE FAIL>ERROR STOP>OFFLINE DECOMMISSION>DECOMMISSIONED",
  UNRESPONSIVE:
    "START>DEPLOYING RESTART>DEPLOYING MAINTAIN>MAINTENANCE RECOVER>ONLINE FAIL>ERROR STOP>OFFLINE DECOMMISSION>DECOMMISSIONED",
  ERROR:
    "START>DEPLOYING RESTART>DEPLOYING SUSPEND>SUSPENDED MAINTAIN>MAINTENANCE RECOVER>ONLINE STOP>OFFLINE DECOMMISSION>DECOMMISSIONED",
  OFFLINE:
    "START>DEPLOYING ACTIVATE>ONLINE REST>IDLE SUSPEND>SUSPENDED MAINTAIN>MAINTENANCE FAIL>ERROR DECOMMISSION>DECOMMISSIONED",
  DECOMMISSIONED: "",
};
const TASK: Record<(typeof TASK_STATES)[number], string> = {
  WAITING: "READY>QUEUED CANCEL>CANCELLED EXPIRE>EXPIRED",
  QUEUED: "ASSIGN>ASSIGNED CANCEL>CANCELLED EXPIRE>EXPIRED",
  ASSIGNED: "RETURN>QUEUED START>RUNNING CANCEL>CANCELLED EXPIRE>EXPIRED",
  RUNNING: "COMPLETE>SUCCEEDED RETRY>QUEUED FAIL>FAILED CANCEL>CANCELLING",
  CANCELLING: "COMPLETE>SUCCEEDED CONFIRM>CANCELLED",
  SUCCEEDED: "",
  FAILED: "",
  CANCELLED: "",
  EXPIRED: "",
};
const WEBHOOK: Record<(typeof WEBHOOK_STATES)[number], string> = { ACTIVE: "PAUSE>PAUSED", PAUSED: "RESUME>ACTIVE" };
const BULK_JOB: Record<(typeof BULK_JOB_STATES)[number], string> = {
  RUNNING: "SUCCEED>SUCCEEDED FAIL>FAILED ABORT>ABORTED",
  SUCCEEDED: "",
  FAILED: "",
  ABORTED: "",
};
const WORKFLOW: Record<(typeof WORKFLOW_STATES)[number], string> = {
  RUNNING: "SUCCEED>SUCCEEDED FAIL>FAILED CANCEL>CANCELLED",
  SUCCEEDED: "",
  FAILED: "",
  CANCELLED: "",
};
const ROLLBACK: Record<(typeof ROLLBACK_STATES)[number], string> = {
  PENDING: "SUCCEED>SUCCEEDED FAIL>FAILED RETRY>PENDING RESTART_AGENTS>PENDING FORCE>SUCCEEDED",
  FAILED: "RETRY>PENDING RESTART_AGENTS>PENDING FORCE>SUCCEEDED",
  SUCCEEDED: "",
};
const AGENT_TRIGGERS: Record<(typeof AGENT_ACTIONS)[number], string[]> = {
  START: ["operator"],
  RESTART: ["operator"],
  ACTIVATE: ["agent"],
  ASSIGN: ["system"],
  RELEASE: ["system"],
  REST: ["agent", "runtime"],
  SUSPEND: ["operator"],
  RESUME: ["operator"],
  MAINTAIN: ["operator"],
  LOSE: ["system"],
  RECOVER: ["operator", "system"],
  FAIL: ["agent", "operator", "runtime"],
  STOP: ["operator", "runtime"],
  DECOMMISSION: ["operator"],
};

const lifecycles = [
  {
    lifecycle: agentLifecycle,
    expected: AGENT as Record<string, string>,
    states: AGENT_STATES,
    actions: AGENT_ACTIONS,
  },
  { lifecycle: taskLifecycle, expected: TASK as Record<string, string>, states: TASK_STATES, actions: TASK_ACTIONS },
  {
    lifecycle: webhookLifecycle,
    expected: WEBHOOK as Record<string, string>,
    states: WEBHOOK_STATES,
    actions: WEBHOOK_ACTIONS,
  },
  {
    lifecycle: bulkJobLifecycle,
    expected: BULK_JOB as Record<string, string>,
    states: BULK_JOB_STATES,
    actions: BULK_JOB_ACTIONS,
  },
  {
    lifecycle: workflowLifecycle,
    expected: WORKFLOW as Record<string, string>,
    states: WORKFLOW_STATES,
    actions: WORKFLOW_ACTIONS,
  },
  {
    lifecycle: rollbackLifecycle,
    expected: ROLLBACK as Record<string, string>,
    states: ROLLBACK_STATES,
    actions: ROLLBACK_ACTIONS,
  },
];

describe.each(lifecycles)("the $lifecycle.name lifecycle", ({ lifecycle, expected, states, actions }) => {
  const movesFrom = (state: string) =>
    new Map(
      (expected[state] ?? "")
        .split(" ")
        .filter(Boolean)
        .map((move) => move.split(">") as [string, string]),
    );

  describe.each(states)("from %s", (state) => {
    it.each(actions)("%s", (action) => {
      const target = movesFrom(state).get(action);
      expect(nextState(lifecycle as typeof agentLifecycle, state as never, action as never)).toBe(
        target?.replace("~", "") ?? null,
      );
      expect(drainingStates(lifecycle as typeof agentLifecycle, action as never).includes(state as never)).toBe(
        target?.startsWith("~") ?? false,
      );
      const moves = movesOf(lifecycle as typeof agentLifecycle, action as never);
      expect(moves.to[moves.from.indexOf(state as never)]).toBe(target?.replace("~", ""));
    });
  });

  it("ends where nothing is expected to follow", () => {
    expect(finalStates(lifecycle as typeof agentLifecycle)).toEqual(states.filter((state) => expected[state] === ""));
  });

  it("says for each action and state one thing only", () => {
    const pairs = lifecycle.rules.flatMap((rule) => rule.from.map((from) => `${rule.action} ${from}`));
    expect(new Set(pairs).size).toBe(pairs.length);
  });

  it("reaches every state from its first ones", () => {
    const reached = new Set<string>(lifecycle.initial);
    for (let size = 0; size < reached.size;) {
      size = reached.size;
      for (const rule of lifecycle.rules) if (rule.from.some((from) => reached.has(from))) reached.add(rule.to);
    }
    expect([...reached].sort()).toEqual([...states].sort());
  });
});

describe("who fires an agent's actions", () => {
  it.each(AGENT_ACTIONS)("%s", (action) => {
    const triggers = ["agent", "operator", "runtime", "system"] as const;
    expect(triggers.filter((trigger) => actionsOf(agentLifecycle, trigger).includes(action))).toEqual(
      AGENT_TRIGGERS[action],
    );
  });

  it("offers an operator nothing that only Muster or the agent fires", () => {
    expect(allowedActions(agentLifecycle, "ONLINE", "operator")).toEqual([
      "RESTART",
      "SUSPEND",
      "MAINTAIN",
      "FAIL",
      "STOP",
    ]);
    expect(allowedActions(agentLifecycle, "UNRESPONSIVE", "operator")).toContain("RECOVER");
    expect(allowedActions(agentLifecycle, "DECOMMISSIONED", "operator")).toEqual([]);
  });
});

describe("the groups of agent states", () => {
  it("let an agent hold tasks only where it can come from BUSY without giving them back", () => {
    expect([...HOLDING_STATES].sort()).toEqual(["BUSY", "IDLE", "ONLINE", "UNRESPONSIVE"]);
  });
  it("count as gone what has no process", () => {
    expect([...GONE_STATES].sort()).toEqual(["DECOMMISSIONED", "ERROR", "OFFLINE", "REGISTERED"]);
  });
});
