import type { Lifecycle } from "./lifecycle.ts";

export const AGENT_STATES = [
  "REGISTERED",
  "DEPLOYING",
  "ONLINE",
  "BUSY",
  "IDLE",
  "SUSPENDED",
  "MAINTENANCE",
  "UNRESPONSIVE",
  "ERROR",
  "OFFLINE",
  "DECOMMISSIONED",
] as const;
export type AgentState = (typeof AGENT_STATES)[number];

export const AGENT_ACTIONS = [
  "START",
  "RESTART",
  "ACTIVATE",
  "ASSIGN",
  "RELEASE",
  "REST",
  "SUSPEND",
  "RESUME",
  "MAINTAIN",
  "LOSE",
  "RECOVER",
  "FAIL",
  "STOP",
  "DECOMMISSION",
] as const;
export type AgentAction = (typeof AGENT_ACTIONS)[number];

/** Who may fire an agent's action: a person or program, the agent itself, Muster, or what runs the agent's process. */
export type AgentTrigger = "operator" | "agent" | "system" | "runtime";

export const agentLifecycle: Lifecycle<AgentState, AgentAction, AgentTrigger> = {
  name: "agent",
  states: AGENT_STATES,
  actions: AGENT_ACTIONS,
  initial: ["REGISTERED"],
  rules: [
    {
      action: "START",
      firedBy: ["operator"],
      from: ["REGISTERED", "OFFLINE", "ERROR", "UNRESPONSIVE"],
      to: "DEPLOYING",
    },
    {
      action: "RESTART",
      firedBy: ["operator"],
      from: ["ONLINE", "IDLE", "BUSY", "SUSPENDED", "MAINTENANCE", "UNRESPONSIVE", "ERROR"],
      to: "DEPLOYING",
      drains: ["BUSY"],
    },
    { action: "ACTIVATE", firedBy: ["agent"], from: ["REGISTERED", "DEPLOYING", "OFFLINE", "IDLE"], to: "ONLINE" },
    { action: "ASSIGN", firedBy: ["system"], from: ["ONLINE", "IDLE"], to: "BUSY", note: "first task held" },
    { action: "RELEASE", firedBy: ["system"], from: ["BUSY"], to: "IDLE", note: "last task ended" },
    { action: "REST", firedBy: ["runtime", "agent"], from: ["ONLINE", "DEPLOYING", "OFFLINE"], to: "IDLE" },
    {
      action: "SUSPEND",
      firedBy: ["operator"],
      from: ["REGISTERED", "ONLINE", "IDLE", "BUSY", "OFFLINE", "ERROR"],
      to: "SUSPENDED",
      drains: ["BUSY"],
    },
    {
      action: "MAINTAIN",
      firedBy: ["operator"],
      from: ["ONLINE", "IDLE", "BUSY", "SUSPENDED", "UNRESPONSIVE", "ERROR", "OFFLINE"],
      to: "MAINTENANCE",
      drains: ["BUSY"],
    },
    { action: "RESUME", firedBy: ["operator"], from: ["SUSPENDED", "MAINTENANCE"], to: "ONLINE" },
    {
      action: "LOSE",
      firedBy: ["system"],
      from: ["ONLINE", "IDLE", "BUSY"],
      to: "UNRESPONSIVE",
      note: "no heartbeat or echo",
    },
    { action: "LOSE", firedBy: ["system"], from: ["DEPLOYING"], to: "ERROR", note: "did not come up in time" },
    { action: "RECOVER", firedBy: ["system", "operator"], from: ["UNRESPONSIVE", "ERROR"], to: "ONLINE" },
    {
      action: "FAIL",
      firedBy: ["agent", "runtime", "operator"],
      from: [
        "REGISTERED",
        "DEPLOYING",
        "ONLINE",
        "BUSY",
        "IDLE",
        "SUSPENDED",
        "MAINTENANCE",
        "UNRESPONSIVE",
        "OFFLINE",
      ],
      to: "ERROR",
    },
    {
      action: "STOP",
      firedBy: ["operator", "runtime"],
      from: ["REGISTERED", "DEPLOYING", "ONLINE", "IDLE", "BUSY", "SUSPENDED", "MAINTENANCE", "UNRESPONSIVE", "ERROR"],
      to: "OFFLINE",
      drains: ["BUSY"],
      note: "by the runtime: exit code 0",
    },
    {
      action: "DECOMMISSION",
      firedBy: ["operator"],
      from: ["REGISTERED", "SUSPENDED", "MAINTENANCE", "UNRESPONSIVE", "ERROR", "OFFLINE"],
      to: "DECOMMISSIONED",
    },
  ],
};

/** States in which an agent's process is at work: it heartbeats, and may hold tasks. */
export const WORKING_STATES = ["ONLINE", "IDLE", "BUSY"] as const satisfies readonly AgentState[];

/** The state of an agent that gives no sign of life, or none that work can be trusted to; a heartbeat can bring it back. */
export const LOST_STATE = "UNRESPONSIVE" satisfies AgentState;

/** Entering it records and counts the error. */
export const ERROR_STATE = "ERROR" satisfies AgentState;

/** States in which an agent may hold tasks. One that enters any other state gives back those that it holds. */
export const HOLDING_STATES = [...WORKING_STATES, LOST_STATE] as const satisfies readonly AgentState[];

/** States in which an agent counts as running: its process is at work, is being started, or may still be there. */
export const RUNNING_STATES = ["DEPLOYING", ...HOLDING_STATES] as const satisfies readonly AgentState[];

/** An agent with one of these is not running: it drops out of rollbacks that wait for it. */
export const GONE_STATES = [
  "REGISTERED",
  "OFFLINE",
  "ERROR",
  "DECOMMISSIONED",
] as const satisfies readonly AgentState[];

/** DRAIN: an action that drains waits for running tasks. NOW: it does not, and the tasks go back. */
export const TRANSITION_MODES = ["DRAIN", "NOW"] as const;
export type TransitionMode = (typeof TRANSITION_MODES)[number];
