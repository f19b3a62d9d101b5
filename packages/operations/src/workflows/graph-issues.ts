import type { InputIssue } from "@muster/domain/errors.ts";

/** A step and the steps that it waits for. */
export interface GraphStep {
  readonly step: string;
  readonly dependsOn: readonly string[];
}

/**
 * What is wrong with the graph of a workflow: steps of the same name, steps that are not there, and steps that wait for
 * themselves. Empty when nothing is. Paths begin with `tasks.<position>`.
 */
export function graphIssues(steps: readonly GraphStep[]): InputIssue[] {
  const positions = new Map<string, number>();
  const issues: InputIssue[] = [];
  steps.forEach(({ step }, position) => {
    const first = positions.get(step);
    if (first === undefined) positions.set(step, position);
    else issues.push(issue(position, ["step"], `is taken: task ${first} is the step ${step}, too.`));
  });
  steps.forEach(({ dependsOn }, position) => {
    dependsOn.forEach((name, place) => {
      if (positions.has(name)) return;
      issues.push(issue(position, ["dependsOn", String(place)], `there is no step ${name} in this workflow.`));
    });
  });
  if (issues.length > 0) return issues;
  const cycle = cycleOf(steps);
  if (cycle === null) return [];
  const position = positions.get(cycle[0] ?? "") ?? 0;
  return [issue(position, ["dependsOn"], `waits for itself: ${[...cycle, cycle[0]].join(" → ")}.`)];
}

function issue(position: number, path: readonly string[], message: string): InputIssue {
  return { path: ["tasks", String(position), ...path], message };
}

/**
 * The steps of one cycle, each waiting for the next, or null. Takes away what waits for nothing that is left, until nothing
 * can be taken (Kahn, 1962): what then remains waits for something that remains, so that following it leads around.
 */
function cycleOf(steps: readonly GraphStep[]): string[] | null {
  const waitsFor = new Map(steps.map(({ step, dependsOn }) => [step, new Set(dependsOn)]));
  const waiting = Map.groupBy(
    steps.flatMap(({ step, dependsOn }) => [...new Set(dependsOn)].map((name) => ({ step, name }))),
    ({ name }) => name,
  );
  const free = steps.filter(({ dependsOn }) => dependsOn.length === 0).map(({ step }) => step);
  for (let name = free.pop(); name !== undefined; name = free.pop()) {
    waitsFor.delete(name);
    for (const { step } of waiting.get(name) ?? []) {
      const left = waitsFor.get(step);
      left?.delete(name);
      if (left?.size === 0) free.push(step);
    }
  }
  const [start] = waitsFor.keys();
  if (start === undefined) return null;
  const path: string[] = [];
  let step = start;
  while (!path.includes(step)) {
    path.push(step);
    [step = start] = waitsFor.get(step) ?? [];
  }
  return path.slice(path.indexOf(step));
}
