"use client";
import { useMemo } from "react";
import { graphql } from "#api/generated/gql.ts";
import { useLatest } from "#components/use-latest.ts";
import { carriedOn, type KnownSpan } from "#features/agent/timeline/known-spans.ts";
import { useNow } from "#live/now.ts";
import { useLiveQuery } from "#live/use-live-query.ts";

const SpansQuery = graphql(`
  query AgentStateSpans($agent: ID!, $since: DateTime!, $until: DateTime, $most: Int!) {
    node(id: $agent) {
      __typename
      id
      ... on Agent {
        project {
          id
          cursor
        }
        stateSpans(since: $since, until: $until, most: $most) {
          complete
          folded
          spans {
            state
            from
            to
            eventId
            transitions
          }
        }
      }
    }
  }
`);

const SpansFeed = graphql(`
  subscription AgentStateMoves($project: ID!, $agent: ID!, $after: String) {
    events(project: $project, after: $after, filter: { agents: [$agent], types: ["agent.transitioned"] }) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          at
          ... on AgentTransitioned {
            to
          }
        }
      }
    }
  }
`);

/** Beyond this many moves, short stays are drawn together: more could not be told apart on a screen. */
const MOST = 1_000;

interface StateSpans {
  /** Until now, as long as there is no end. */
  readonly spans: readonly KnownSpan[];
  /** Whether short stays are drawn together. */
  readonly folded: boolean;
  /** Whether nothing is missing because its events were removed. */
  readonly complete: boolean;
}

/** An agent's states since a time; without an end, live. */
export function useStateSpans(agent: string, since: string, until: string | null): StateSpans {
  const now = useNow();
  const { data, events } = useLiveQuery({
    query: SpansQuery,
    variables: { agent, since, until, most: MOST },
    feed: ({ node }) =>
      node?.__typename === "Agent" && until === null
        ? { document: SpansFeed, variables: { project: node.project.id, agent } }
        : null,
  });
  const read = data?.node?.__typename === "Agent" ? data.node.stateSpans : null;
  const spans = useMemo(
    () =>
      (read?.spans ?? []).map(({ state, from, to, eventId, transitions }): KnownSpan => ({
        state,
        from: Date.parse(from),
        to: Date.parse(to),
        event: eventId,
        moves: transitions,
      })),
    [read],
  );
  const moves = useMemo(() => events.flatMap((event) => ("to" in event ? [event] : [])), [events]);
  const answer = useMemo(
    () => ({
      spans: until === null ? carriedOn(spans, moves, now) : spans,
      folded: read?.folded ?? false,
      complete: read?.complete ?? true,
    }),
    [spans, moves, now, until, read],
  );
  // While another part is read, what is on the screen stays.
  return useLatest(answer, read !== null);
}
