/** Rows counted by project and state as every state of each project, in the lifecycle's order. */
export function countsByState<State>(
  projectIds: readonly string[],
  states: readonly State[],
  rows: readonly { readonly projectId: string; readonly state: State; readonly count: number }[],
): ReadonlyMap<string, { readonly state: State; readonly count: number }[]> {
  const counts = new Map(rows.map((row) => [`${row.projectId} ${row.state}`, row.count]));
  return new Map(
    projectIds.map((projectId) => [
      projectId,
      states.map((state) => ({ state, count: counts.get(`${projectId} ${state}`) ?? 0 })),
    ]),
  );
}
