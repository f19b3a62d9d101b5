"use client";
import { useClient, useQuery } from "urql";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { useAgentView } from "#features/agent/agent-view.tsx";
import { typesOf } from "#features/agent/event-kinds.ts";
import { eventNumber } from "#live/merge-events.ts";

const NavigationFragment = graphql(`
  fragment EventNavigation on Event {
    id
    at
  }
`);

/** Finds the event in the timeline: it is among the first of its time. */
const PlaceQuery = graphql(`
  query EventPlace($agent: ID!, $at: DateTime!) {
    node(id: $agent) {
      id
      ... on Agent {
        timeline(first: 50, filter: { after: $at }) {
          edges {
            cursor
            node {
              id
            }
          }
        }
      }
    }
  }
`);

const NeighboursQuery = graphql(`
  query EventNeighbours($agent: ID!, $types: [String!], $cursor: String!) {
    node(id: $agent) {
      id
      ... on Agent {
        previous: timeline(last: 1, before: $cursor, filter: { types: $types }) {
          edges {
            node {
              id
            }
          }
        }
        next: timeline(first: 1, after: $cursor, filter: { types: $types }) {
          edges {
            node {
              id
            }
          }
        }
      }
    }
  }
`);

interface EventNavigationProps {
  readonly event: FragmentType<typeof NavigationFragment>;
  /** The newest event that there is, as far as is known. */
  readonly newest: string | undefined;
}

/** To the events before and after, of the kinds that are listed; wherever in the history this one is. */
export function EventNavigation({ event: masked, newest }: EventNavigationProps) {
  const { id, at } = readFragment(NavigationFragment, masked);
  const { agent, kinds, open } = useAgentView();
  const [{ data: place }] = useQuery({ query: PlaceQuery, variables: { agent, at }, requestPolicy: "cache-first" });
  const edges = place?.node && "timeline" in place.node ? place.node.timeline.edges : [];
  const cursor = edges.find(({ node }) => node.id === id)?.cursor;
  const client = useClient();
  const variables = { agent, types: typesOf(kinds), cursor: cursor ?? "" };
  const [{ data, operation }] = useQuery({ query: NeighboursQuery, variables, pause: cursor === undefined });
  // Until the answer for this event is there, the one for the event before is not taken for it.
  const answered = cursor !== undefined && operation?.variables.cursor === cursor;
  const found = answered && data?.node && "previous" in data.node ? data.node : null;
  const previous = found?.previous.edges[0]?.node.id;
  const known = found?.next.edges[0]?.node.id;
  // It was the newest when it was opened; meanwhile something has happened.
  const isPast =
    found !== null && known === undefined && newest !== undefined && eventNumber({ id: newest }) > eventNumber({ id });
  const onNext = async () => {
    if (known !== undefined) return open(known);
    const result = await client.query(NeighboursQuery, variables, { requestPolicy: "network-only" }).toPromise();
    const next = result.data?.node && "next" in result.data.node ? result.data.node.next.edges[0] : undefined;
    if (next) open(next.node.id);
  };
  return (
    <div className="flex grow gap-1">
      <Step
        name="Previous event"
        sign="↓"
        disabled={previous === undefined}
        onPress={() => previous && open(previous)}
      />
      <Step name="Next event" sign="↑" disabled={known === undefined && !isPast} onPress={() => void onNext()} />
    </div>
  );
}

interface StepProps {
  readonly name: string;
  readonly sign: string;
  readonly disabled: boolean;
  readonly onPress: () => void;
}

function Step({ name, sign, disabled, onPress }: StepProps) {
  return (
    <button
      type="button"
      aria-label={name}
      title={name}
      // Not `disabled`: the focus stays on it while the next event is looked up.
      aria-disabled={disabled}
      onClick={() => !disabled && onPress()}
      className="grid size-6 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink aria-disabled:opacity-40"
    >
      <span aria-hidden>{sign}</span>
    </button>
  );
}
