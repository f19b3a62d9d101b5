import type { ReactNode } from "react";
import type { AgentAction, AgentState } from "#api/generated/graphql.ts";
import { SHAPES } from "#lifecycles/shapes.tsx";

/** How each state looks: a word, a colour and a shape, the same everywhere. */
export const AGENT_STATES: Readonly<Record<AgentState, StateLook>> = {
  REGISTERED: {
    word: "Registered",
    colour: "var(--color-registered)",
    shape: SHAPES.dashed,
  },
  DEPLOYING: {
    word: "Deploying",
    colour: "var(--color-deploying)",
    shape: SHAPES.arc,
  },
  ONLINE: {
    word: "Online",
    colour: "var(--color-online)",
    shape: SHAPES.disc,
  },
  BUSY: { word: "Busy", colour: "var(--color-busy)", shape: SHAPES.play },
  IDLE: {
    word: "Idle",
    colour: "var(--color-idle)",
    shape: SHAPES.ring,
  },
  SUSPENDED: {
    word: "Suspended",
    colour: "var(--color-suspended)",
    shape: SHAPES.pause,
  },
  MAINTENANCE: {
    word: "Maintenance",
    colour: "var(--color-maintenance)",
    shape: SHAPES.diamond,
  },
  UNRESPONSIVE: {
    word: "Unresponsive",
    colour: "var(--color-unresponsive)",
    shape: SHAPES.triangle,
  },
  ERROR: {
    word: "Error",
    colour: "var(--color-error)",
    shape: SHAPES.cross,
  },
  OFFLINE: {
    word: "Offline",
    colour: "var(--color-offline)",
    shape: SHAPES.square,
  },
  DECOMMISSIONED: {
    word: "Decommissioned",
    colour: "var(--color-decommissioned)",
    shape: SHAPES.dash,
  },
};

export interface StateLook {
  readonly word: string;
  /** A CSS colour. */
  readonly colour: string;
  /** Drawn on 12 × 12, in the current colour. */
  readonly shape: ReactNode;
}

/** Each action as a button says it. */
export const AGENT_ACTIONS: Readonly<Record<AgentAction, string>> = {
  START: "Start",
  RESTART: "Restart",
  ACTIVATE: "Activate",
  ASSIGN: "Assign",
  RELEASE: "Release",
  REST: "Rest",
  SUSPEND: "Suspend",
  RESUME: "Resume",
  MAINTAIN: "Maintain",
  LOSE: "Lose",
  RECOVER: "Recover",
  FAIL: "Fail",
  STOP: "Stop",
  DECOMMISSION: "Decommission",
};
