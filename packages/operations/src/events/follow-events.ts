import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import type { Feed } from "@muster/events/feed.ts";
import type { Frame } from "@muster/events/frame.ts";
import { subscribe } from "@muster/events/subscribe.ts";
import { authorize } from "../authorize.ts";
import { parseInput } from "../input.ts";
import { getProjects } from "../projects/project-queries.ts";
import type { Runtime } from "../runtime.ts";
import { EventFilter, type EventFilterInput, visibleTo } from "./event-filter.ts";

export interface FollowEventsInput {
  readonly projectId: string;
  readonly filter?: EventFilterInput | null;
  /** Begin right after this cursor; without it, at the present. */
  readonly after?: string | null;
}

/**
 * The events of a project as they come, as `subscribe` delivers them. A cursor that cannot be continued is answered in the
 * feed itself. Throws `NotFound` without the project, `InvalidInput` for a filter that cannot be.
 */
export async function followEvents(
  runtime: Runtime,
  caller: Caller,
  feed: Feed,
  { projectId, filter, after }: FollowEventsInput,
): Promise<AsyncIterableIterator<Frame>> {
  caller = authorize(caller, "event.read");
  const wanted = parseInput(EventFilter, filter ?? {});
  const [project] = await getProjects(runtime, caller, [projectId]);
  if (!project) throw new NotFound("project");
  return subscribe(feed, { place: { projectId }, filter: { ...wanted, ...visibleTo(caller) }, after: after ?? null });
}
