import type { AgentAction, AgentState } from "@muster/domain/agent-lifecycle.ts";
import { builder } from "../builder.ts";

export const AgentStateEnum = builder.enumType("AgentState", {
  description: "The states of an agent's lifecycle.",
  values: {
    REGISTERED: { description: "Known, and never started." },
    DEPLOYING: { description: "Its process is coming up." },
    ONLINE: { description: "At work, and has had no task yet." },
    BUSY: { description: "At work on at least one task." },
    IDLE: { description: "At work, without a task." },
    SUSPENDED: { description: "Stopped from taking work by an operator." },
    MAINTENANCE: { description: "Set aside by an operator." },
    UNRESPONSIVE: { description: "No sign of life, or it takes no work that it is offered." },
    ERROR: { description: "It failed." },
    OFFLINE: { description: "Stopped." },
    DECOMMISSIONED: { description: "Gone for good." },
  } satisfies Record<AgentState, { description: string }>,
});

export const AgentActionEnum = builder.enumType("AgentAction", {
  description: "What moves an agent from one state to another.",
  values: {
    START: { description: "Bring its process up." },
    RESTART: { description: "Bring its process down and up again." },
    ACTIVATE: { description: "Its process is there." },
    ASSIGN: { description: "It holds its first task." },
    RELEASE: { description: "Its last task has ended." },
    REST: { description: "It is up and has nothing to do." },
    SUSPEND: { description: "Take no work until resumed." },
    RESUME: { description: "Back to work after SUSPEND or MAINTAIN." },
    MAINTAIN: { description: "Set it aside for maintenance." },
    LOSE: { description: "It gives no sign of life, or did not come up in time." },
    RECOVER: { description: "It is back." },
    FAIL: { description: "It cannot go on." },
    STOP: { description: "Bring its process down." },
    DECOMMISSION: { description: "Remove it for good; its history stays." },
  } satisfies Record<AgentAction, { description: string }>,
});

export const TransitionModeEnum = builder.enumType("TransitionMode", {
  description: "What becomes of the work of a busy agent.",
  values: {
    DRAIN: { description: "Wait for running tasks to end; take no new ones." },
    NOW: { description: "Act at once; the tasks go back to the queue." },
  } as const,
});
