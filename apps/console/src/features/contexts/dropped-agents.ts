export interface DroppedAgent {
  readonly agent: string;
  readonly version: number;
}

/** Reads the payloads of `context.rollback_agent_dropped`; what is none is left out. */
export function droppedAgents(payloads: readonly unknown[]): DroppedAgent[] {
  return payloads.flatMap((payload) => {
    const { agent, version } = (payload ?? {}) as Partial<Record<keyof DroppedAgent, unknown>>;
    return typeof agent === "string" && typeof version === "number" ? [{ agent, version }] : [];
  });
}
