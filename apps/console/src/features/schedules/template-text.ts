/** A schedule's template as JSON to read and edit; without the agent that it does not name. */
export function templateText(task: unknown): string {
  const { agentId, ...rest } = task as { readonly agentId?: unknown };
  return JSON.stringify(agentId == null ? rest : task, null, 2);
}
