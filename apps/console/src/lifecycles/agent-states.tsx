import type { ReactNode } from "react";
import type { AgentAction, AgentState } from "#api/generated/graphql.ts";

/** How each state looks: a word, a colour and a shape, the same everywhere. */
export const AGENT_STATES: Readonly<Record<AgentState, StateLook>> = {
  REGISTERED: {
    word: "Registered",
    colour: "var(--color-registered)",
    shape: <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2 2" />,
  },
  DEPLOYING: {
    word: "Deploying",
    colour: "var(--color-deploying)",
    shape: (
      <path d="M6 1.5A4.5 4.5 0 1 1 1.5 6" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
    ),
  },
  ONLINE: {
    word: "Online",
    colour: "var(--color-online)",
    shape: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  },
  BUSY: { word: "Busy", colour: "var(--color-busy)", shape: <path d="M3 1.8v8.4L10.4 6z" fill="currentColor" /> },
  IDLE: {
    word: "Idle",
    colour: "var(--color-idle)",
    shape: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="2" />,
  },
  SUSPENDED: {
    word: "Suspended",
    colour: "var(--color-suspended)",
    shape: <path d="M3 2h2.2v8H3zM6.8 2H9v8H6.8z" fill="currentColor" />,
  },
  MAINTENANCE: {
    word: "Maintenance",
    colour: "var(--color-maintenance)",
    shape: <path d="M6 1 11 6 6 11 1 6z" fill="currentColor" />,
  },
  UNRESPONSIVE: {
    word: "Unresponsive",
    colour: "var(--color-unresponsive)",
    shape: <path d="M6 1.5 11 10.5H1z" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinejoin="round" />,
  },
  ERROR: {
    word: "Error",
    colour: "var(--color-error)",
    shape: <path d="M2.5 2.5l7 7M9.5 2.5l-7 7" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" />,
  },
  OFFLINE: {
    word: "Offline",
    colour: "var(--color-offline)",
    shape: <rect x="2" y="2" width="8" height="8" rx="1.5" fill="currentColor" />,
  },
  DECOMMISSIONED: {
    word: "Decommissioned",
    colour: "var(--color-decommissioned)",
    shape: <path d="M2 6h8" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
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
