import type { AgentAction, AgentState } from "#api/generated/graphql.ts";

/** What each action of an operator means, as its dialog says it. */
export const ACTION_MEANS: Partial<Record<AgentAction, string>> = {
  START: "A new process is started for it, which comes up and takes work.",
  RESTART: "Its process is replaced by a new one.",
  SUSPEND: "It is given no work until it is resumed.",
  RESUME: "It is given work again.",
  MAINTAIN: "It is taken out of work so that it can be looked after, until it is resumed.",
  RECOVER: "It is trusted to be well again and is given work.",
  FAIL: "It is marked as failed. The tasks it runs go back to the queue, or fail by their retry policy.",
  STOP: "Its process is stopped. It can be started again.",
  DECOMMISSION: "It is retired for good. Its history stays; it never works again.",
};

/** These cannot be taken back, or put the blame on the agent. */
const DANGEROUS: readonly AgentAction[] = ["FAIL", "DECOMMISSION"];
/** Most wanted first. */
const BY_USE: readonly AgentAction[] = ["RESUME", "START", "RECOVER", "SUSPEND", "RESTART", "STOP", "MAINTAIN"];
const MOST_BUTTONS = 3;
const WORKING: readonly AgentState[] = ["ONLINE", "IDLE", "BUSY"];

export function isDangerous(action: AgentAction): boolean {
  return DANGEROUS.includes(action);
}

/** This one asks for the agent's name. */
export function isFinal(action: AgentAction): boolean {
  return action === "DECOMMISSION";
}

/** What takes an action back that was done in a state; null where nothing does. */
export function wayBack(action: AgentAction, from: AgentState): AgentAction | null {
  switch (action) {
    case "SUSPEND":
    case "MAINTAIN":
      return WORKING.includes(from) ? "RESUME" : null;
    case "RESUME":
      return from === "MAINTENANCE" ? "MAINTAIN" : "SUSPEND";
    default:
      return null;
  }
}

/** The actions to show as buttons and those to keep in a menu, the dangerous ones there and last. */
export function arranged(available: readonly AgentAction[]): { buttons: AgentAction[]; menu: AgentAction[] } {
  const rank = (action: AgentAction) => (BY_USE.includes(action) ? BY_USE.indexOf(action) : BY_USE.length);
  const harmless = available.filter((action) => !isDangerous(action)).sort((one, other) => rank(one) - rank(other));
  return {
    buttons: harmless.slice(0, MOST_BUTTONS),
    menu: [...harmless.slice(MOST_BUTTONS), ...available.filter(isDangerous)],
  };
}
