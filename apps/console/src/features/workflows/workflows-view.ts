import type { WorkflowState } from "#api/generated/graphql.ts";
import type { WorkflowsView } from "#routes.ts";

export const STATES: readonly WorkflowState[] = ["RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"];

/** What the list shows, as its address says it. States that there are not are left out. */
export interface WorkflowsFilter {
  readonly states: readonly WorkflowState[];
  readonly search: string;
  readonly after: string | undefined;
  readonly before: string | undefined;
}

export function workflowsFilter(parameters: Pick<URLSearchParams, "get">): WorkflowsFilter {
  const asked = (parameters.get("state") ?? "").toUpperCase().split(",");
  return {
    states: STATES.filter((state) => asked.includes(state)),
    search: parameters.get("search") ?? "",
    after: parameters.get("after") ?? undefined,
    before: parameters.get("before") ?? undefined,
  };
}

/** Its address. A filter that was changed begins at the first page again. */
export function viewOf({ states, search, after, before }: Partial<WorkflowsFilter>): WorkflowsView {
  return { state: states?.join(",").toLowerCase(), search, after, before };
}
