import type { Lifecycle } from "./lifecycle.ts";
import { ROLLBACK_STATES, type RollbackState } from "./rollback-state.ts";

/** What a person can do about a rollback. */
export const ROLLBACK_CHOICES = ["RETRY", "RESTART_AGENTS", "FORCE"] as const;
export type RollbackChoice = (typeof ROLLBACK_CHOICES)[number];

export const ROLLBACK_ACTIONS = ["SUCCEED", "FAIL", ...ROLLBACK_CHOICES] as const;
export type RollbackAction = (typeof ROLLBACK_ACTIONS)[number];

export type RollbackTrigger = "operator" | "system";

/** Of the last rollback of a context; a newer one begins anew. */
export const rollbackLifecycle: Lifecycle<RollbackState, RollbackAction, RollbackTrigger> = {
  name: "rollback",
  states: ROLLBACK_STATES,
  actions: ROLLBACK_ACTIONS,
  initial: ["PENDING"],
  rules: [
    {
      action: "SUCCEED",
      firedBy: ["system"],
      from: ["PENDING"],
      to: "SUCCEEDED",
      note: "every agent that was asked has loaded it, or has stopped running",
    },
    {
      action: "FAIL",
      firedBy: ["system"],
      from: ["PENDING"],
      to: "FAILED",
      note: "an agent could not load it, or did not answer in time; or a newer rollback took its place",
    },
    {
      action: "RETRY",
      firedBy: ["operator"],
      from: ["PENDING", "FAILED"],
      to: "PENDING",
      note: "the agents that have not loaded it are asked again",
    },
    {
      action: "RESTART_AGENTS",
      firedBy: ["operator"],
      from: ["PENDING", "FAILED"],
      to: "PENDING",
      note: "they are asked again, and to restart",
    },
    {
      action: "FORCE",
      firedBy: ["operator"],
      from: ["PENDING", "FAILED"],
      to: "SUCCEEDED",
      note: "a person says so, whatever they have answered",
    },
  ],
};
