import type { SchedulesView } from "#routes.ts";

/** What the list shows, as its address says it. */
export interface SchedulesFilter {
  readonly paused: boolean | undefined;
  readonly search: string;
  readonly after: string | undefined;
  readonly before: string | undefined;
}

export function schedulesFilter(parameters: Pick<URLSearchParams, "get">): SchedulesFilter {
  const state = parameters.get("state");
  return {
    paused: state === "paused" ? true : state === "active" ? false : undefined,
    search: parameters.get("search") ?? "",
    after: parameters.get("after") ?? undefined,
    before: parameters.get("before") ?? undefined,
  };
}

/** Its address. */
export function schedulesViewOf({ paused, search, after, before }: Partial<SchedulesFilter>): SchedulesView {
  return { state: paused === undefined ? undefined : paused ? "paused" : "active", search, after, before };
}
