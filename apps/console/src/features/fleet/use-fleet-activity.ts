"use client";
import { useMemo, useRef, useState } from "react";
import type { FleetActivityQuery as Answer } from "#api/generated/graphql.ts";
import { type ActivityEvent, activityIn, addEvent, type AgentActivity } from "#features/fleet/agent-activity.ts";
import { FleetActivityFeed, FleetActivityQuery } from "#features/fleet/fleet-activity.ts";
import { useLatest } from "#components/use-latest.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

/** How far the ribbons go back. */
export const RIBBON_MS = 15 * 60_000;
/** Transitions read for a page and for one agent, at most: a large page of busy agents begins with shorter histories. */
const MOST_TRANSITIONS = 3_000;
const MOST_OF_AN_AGENT = 200;

/** What these agents, those on the page, have been doing; their rows are kept up to date by it, too. */
export function useFleetActivity(project: ProjectRoute, agents: readonly string[]): ReadonlyMap<string, AgentActivity> {
  const [after] = useState(() => new Date(Date.now() - RIBBON_MS).toISOString());
  const followed = [...useFollowed(agents)];
  const live = useLiveQuery({
    query: FleetActivityQuery,
    variables: {
      path: projectPath(project),
      agents: followed,
      count: Math.max(1, followed.length),
      last: Math.min(MOST_OF_AN_AGENT, Math.floor(MOST_TRANSITIONS / Math.max(1, followed.length))),
      after,
    },
    feed: ({ project: found }) =>
      found && {
        document: FleetActivityFeed,
        variables: { project: found.id, agents: followed },
      },
  });
  // When other agents come onto the page, what is known of the others stays until the answer is there.
  const { data, events } = useLatest(live, live.data !== undefined);
  return useActivity(data, events);
}

/** Whom to follow: those on the page, and while nobody else comes, those that were on it before. */
function useFollowed(agents: readonly string[]): readonly string[] {
  const [followed, setFollowed] = useState(agents);
  if (agents.every((agent) => followed.includes(agent))) return followed;
  setFollowed(agents);
  return agents;
}

interface Gathered {
  readonly data: Answer | undefined;
  readonly events: readonly ActivityEvent[];
  readonly activity: ReadonlyMap<string, AgentActivity>;
}

/** The answer and the events after it put together; only what is new is added to what was there before. */
function useActivity(data: Answer | undefined, events: readonly ActivityEvent[]): ReadonlyMap<string, AgentActivity> {
  const before = useRef<Gathered>(undefined);
  return useMemo(() => {
    const last = before.current;
    const continues = last?.data === data && last?.events.every((event, index) => event === events[index]) === true;
    const known = continues ? last : undefined;
    const activity = known ? new Map(known.activity) : activityIn(data);
    for (const event of events.slice(known?.events.length ?? 0)) addEvent(activity, event);
    before.current = { data, events, activity };
    return activity;
  }, [data, events]);
}
