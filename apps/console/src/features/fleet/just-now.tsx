"use client";
import { useMemo, useState } from "react";
import { readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { EventFragment } from "#events/event-fragment.ts";
import { EventLine } from "#events/event-line.tsx";
import { useLatest } from "#components/use-latest.ts";
import { eventHref, isNews } from "#features/fleet/worth-telling.ts";
import { newestFirst } from "#live/merge-events.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

/** So many are shown; several times as many are read, because most events are no news. */
const SHOWN = 15;

const JustNowQuery = graphql(`
  query JustNow($path: String!) {
    project(path: $path) {
      id
      cursor
      events(last: 60) {
        edges {
          node {
            id
            ...EventLine
          }
        }
      }
    }
  }
`);

const JustNowFeed = graphql(`
  subscription JustNowFeed($project: ID!, $after: String) {
    events(project: $project, after: $after) {
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

/** What has happened last in the project, in words. New lines come at the top; under the pointer the list stands still. */
export function JustNow({ project }: { readonly project: ProjectRoute }) {
  const { data, events, error } = useLiveQuery({
    query: JustNowQuery,
    variables: { path: projectPath(project) },
    feed: ({ project: found }) => found && { document: JustNowFeed, variables: { project: found.id } },
  });
  const [held, setHeld] = useState(false);
  const newest = useMemo(
    () =>
      newestFirst(events, data?.project?.events.edges.map(({ node }) => node) ?? [])
        .filter((event) => isNews(readFragment(EventFragment, event)))
        .slice(0, SHOWN),
    [events, data],
  );
  const shown = useLatest(newest, !held);
  return (
    <section aria-labelledby="just-now" className="grid gap-2">
      <h2 id="just-now" className="font-semibold">
        Just now
      </h2>
      {/* That Muster cannot be reached is said above. */}
      <QueryState data={data} error={error?.networkError ? undefined : error}>
        {() => (
          <Card
            className="overflow-hidden"
            onPointerEnter={() => setHeld(true)}
            onPointerLeave={() => setHeld(false)}
            onFocus={() => setHeld(true)}
            onBlur={() => setHeld(false)}
          >
            {shown.length === 0 ? (
              <Empty title="Nothing has happened yet">What agents and their tasks do appears here as it happens.</Empty>
            ) : (
              <ul className="divide-y divide-line">
                {shown.map((event) => (
                  <li key={event.id}>
                    <EventLine event={event} href={eventHref(project, readFragment(EventFragment, event))} whose />
                  </li>
                ))}
              </ul>
            )}
          </Card>
        )}
      </QueryState>
    </section>
  );
}
