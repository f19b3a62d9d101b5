"use client";
import { graphql } from "#api/generated/gql.ts";
import type { SavedViewScreen } from "#api/generated/graphql.ts";
import { useLiveQuery } from "#live/use-live-query.ts";

const SavedViewsQuery = graphql(`
  query SavedViews($project: ID!, $screen: SavedViewScreen!) {
    node(id: $project) {
      __typename
      ... on Project {
        id
        cursor
        savedViews(screen: $screen) {
          ...SavedView
        }
      }
    }
  }
`);

const SavedViewsFeed = graphql(`
  subscription SavedViewsFeed($project: ID!, $after: String) {
    events(
      project: $project
      after: $after
      filter: { types: ["saved_view.created", "saved_view.updated", "saved_view.deleted"] }
    ) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          type
        }
      }
    }
  }
`);

/** The saved views of a screen, as they come and go. */
export function useSavedViews(project: string, screen: SavedViewScreen) {
  const { data, error } = useLiveQuery({
    query: SavedViewsQuery,
    variables: { project, screen },
    feed: ({ node }) => (node?.__typename === "Project" ? { document: SavedViewsFeed, variables: { project } } : null),
    rereadOn: () => true,
    keepsEvents: false,
  });
  return { views: data?.node?.__typename === "Project" ? data.node.savedViews : undefined, error };
}
