"use client";
import { createContext, use, useMemo, useRef, useState } from "react";
import type { FleetActivityQuery as Answer } from "#api/generated/graphql.ts";
import {
  type ActivityEvent,
  type ActivitySources,
  activitySources,
  type AgentActivity,
} from "#features/fleet/agent-activity.ts";
import { FleetActivityFeed, FleetActivityQuery } from "#features/fleet/fleet-activity.ts";
import { useLatest } from "#components/use-latest.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { useFollowed } from "#live/use-sight.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

/** How far the ribbons go back. */
export const RIBBON_MS = 15 * 60_000;
/** Transitions read at once and for one agent, at most: a screen of many busy agents begins with shorter histories. */
const MOST_TRANSITIONS = 3_000;
const MOST_OF_AN_AGENT = 200;

const NOTHING: ActivitySources = new Map();
export const ActivityContext = createContext<ActivitySources>(NOTHING);

/** What is known of an agent in sight; undefined until it has been read. */
export function useActivityOf(agent: string): AgentActivity | undefined {
  return use(ActivityContext).get(agent)?.activity;
}

/** What these agents, those in sight, have been doing; their rows are kept up to date by it, too. */
export function useFleetActivity(project: ProjectRoute, agents: readonly string[]): ActivitySources {
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
  // When other agents come into sight, what is known of the others stays until the answer is there.
  const { data, events } = useLatest(live, live.data !== undefined);
  return useSources(data, events);
}

function useSources(data: Answer | undefined, events: readonly ActivityEvent[]): ActivitySources {
  const before = useRef(NOTHING);
  return useMemo(() => {
    before.current = activitySources(before.current, data, events);
    return before.current;
  }, [data, events]);
}
