import type { AgentAction } from "#api/generated/graphql.ts";

/** What becomes of an agent by an action that can wait for its tasks. */
const BECOMES: Partial<Record<AgentAction, string>> = {
  SUSPEND: "suspended",
  RESTART: "restarted",
  STOP: "stopped",
  MAINTAIN: "put under maintenance",
};

/** "suspended", as in "will be suspended when …". */
export function becomesText(action: string): string {
  return BECOMES[action as AgentAction] ?? `moved (${action.toLowerCase()})`;
}

/** Whether an action can wait for the tasks that a busy agent runs. */
export function canWait(action: AgentAction): boolean {
  return action in BECOMES;
}
