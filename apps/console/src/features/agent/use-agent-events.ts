"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { type CombinedError, useClient } from "urql";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { EventFragment } from "#events/event-fragment.ts";
import { type EventPage, type LoadedEvents, withEarlier, withNewest } from "#features/agent/loaded-events.ts";
import { useLiveQuery } from "#live/use-live-query.ts";

const PageFragment = graphql(`
  fragment EventPage on EventConnection {
    edges {
      cursor
      node {
        id
        ...EventLine
      }
    }
    pageInfo {
      hasPreviousPage
    }
  }
`);

const NewestQuery = graphql(`
  query AgentEvents($agent: ID!, $types: [String!], $size: Int!) {
    node(id: $agent) {
      id
      ... on Agent {
        project {
          id
          cursor
        }
        timeline(last: $size, filter: { types: $types }) {
          ...EventPage
        }
      }
    }
  }
`);

const EarlierQuery = graphql(`
  query EarlierAgentEvents($agent: ID!, $types: [String!], $size: Int!, $before: String!) {
    node(id: $agent) {
      id
      ... on Agent {
        timeline(last: $size, before: $before, filter: { types: $types }) {
          ...EventPage
        }
      }
    }
  }
`);

const Feed = graphql(`
  subscription AgentEventsFeed($project: ID!, $agent: ID!, $types: [String!], $after: String) {
    events(project: $project, after: $after, filter: { agents: [$agent], types: $types }) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          id
          ...EventLine
        }
      }
    }
  }
`);

export type AgentEvent = { readonly id: string } & FragmentType<typeof EventFragment>;

interface AgentEvents {
  /** Null until the newest are there. */
  readonly loaded: LoadedEvents<AgentEvent> | null;
  /** Why the newest cannot be read; asking goes on by itself. */
  readonly error: CombinedError | undefined;
  readonly earlier: "idle" | "loading" | "failed";
  /** Loads the page before. One at a time: does nothing while one is on its way, or when there is none. */
  readonly loadEarlier: () => void;
}

/** An agent's events of some types (null: of all), live, the newest first; older ones page by page when asked for. */
export function useAgentEvents(agent: string, types: readonly string[] | null, size: number): AgentEvents {
  const client = useClient();
  const key = `${agent} ${types?.join() ?? ""}`;
  const [state, setState] = useState<{ key: string; loaded: LoadedEvents<AgentEvent> } | null>(null);
  const [earlier, setEarlier] = useState<{ key: string; is: "loading" | "failed" } | null>(null);
  const { data, events, error } = useLiveQuery({
    query: NewestQuery,
    variables: { agent, types: types as string[] | null, size },
    feed: ({ node }) =>
      node && "project" in node
        ? {
            document: Feed,
            variables: { project: node.project.id, agent, types: types as string[] | null },
          }
        : null,
  });
  const newest = data?.node && "timeline" in data.node ? data.node.timeline : undefined;
  useEffect(() => {
    if (!newest) return;
    const page = pageOf(newest);
    setState((current) => ({ key, loaded: withNewest(current?.key === key ? current.loaded : null, page, events) }));
  }, [key, newest, events]);

  const loaded = state?.key === key ? state.loaded : null;
  const now = useRef({ loaded, loading: false });
  now.current.loaded = loaded;
  const loadEarlier = useCallback(async () => {
    const from = now.current.loaded;
    if (now.current.loading || !from?.before || from.complete) return;
    now.current.loading = true;
    setEarlier({ key, is: "loading" });
    const variables = { agent, types: types as string[] | null, size, before: from.before };
    const result = await client.query(EarlierQuery, variables, { requestPolicy: "network-only" }).toPromise();
    now.current.loading = false;
    const node = result.data?.node;
    if (result.error || !node || !("timeline" in node)) return setEarlier({ key, is: "failed" });
    const page = pageOf(node.timeline);
    setEarlier(null);
    setState((current) =>
      // Only onto the stretch that was asked for: it may have begun anew meanwhile.
      current?.key === key && current.loaded.before === from.before
        ? { key, loaded: withEarlier(current.loaded, page) }
        : current,
    );
    // `key` stands for the agent and the types.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [client, key, size]);

  return { loaded, error, earlier: earlier?.key === key ? earlier.is : "idle", loadEarlier: () => void loadEarlier() };
}

function pageOf(connection: FragmentType<typeof PageFragment>): EventPage<AgentEvent> {
  return readFragment(PageFragment, connection);
}
