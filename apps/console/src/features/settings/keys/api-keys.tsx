"use client";
import { readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { ApiKeyState } from "#api/generated/graphql.ts";
import { pageArguments } from "#api/page-view.ts";
import { Card } from "#components/card.tsx";
import { ListFoot } from "#components/list-foot.tsx";
import { ListHead } from "#components/list-head.tsx";
import { Empty } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { useLatest } from "#components/use-latest.ts";
import { KeyRow } from "#features/settings/keys/key-row.tsx";
import { installationFeed, KEY_TYPES, workspaceFeed } from "#features/settings/place-feeds.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { useReadInFront } from "#live/use-read-in-front.ts";
import { projectPath, type ProjectRoute, routes, type SettingsView } from "#routes.ts";

const PageFragment = graphql(`
  fragment KeyPage on ApiKeyConnection {
    totalCount
    edges {
      node {
        id
        ...KeyRow
      }
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
  }
`);

const KeysQuery = graphql(`
  query ApiKeys(
    $path: String!
    $all: Boolean!
    $filter: ApiKeyFilter
    $first: Int
    $after: String
    $last: Int
    $before: String
  ) {
    project(path: $path) @skip(if: $all) {
      id
      workspace {
        id
        cursor
        apiKeys(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
          ...KeyPage
        }
      }
    }
    viewer @include(if: $all) {
      cursor
    }
    installationApiKeys(filter: $filter, first: $first, after: $after, last: $last, before: $before)
      @include(if: $all) {
      ...KeyPage
    }
  }
`);

/** Each with what a narrow window does with it. */
const COLUMNS = [
  ["Key", "max-sm:pr-2"],
  ["May", "hidden sm:table-cell"],
  ["State", "max-sm:px-2"],
  ["Last used", "hidden md:table-cell"],
  ["Made by", "hidden lg:table-cell"],
] as const;

interface ApiKeysProps {
  readonly project: ProjectRoute;
  readonly projectId: string;
  readonly view: SettingsView;
}

/** Keys with which programs and agents act, and how each stands. */
export function ApiKeys({ project, projectId, view }: ApiKeysProps) {
  const variables = {
    path: projectPath(project),
    all: view.of === "installation",
    filter: {
      ...(view.search && { search: view.search }),
      ...(view.state && { state: view.state as ApiKeyState }),
      ...(view.in === "project" && { projectId }),
    },
    ...pageArguments(view),
  };
  const { data, error, reread } = useLiveQuery({
    query: KeysQuery,
    variables,
    feed: ({ project: found, viewer }) =>
      found
        ? workspaceFeed(found.workspace.id, { types: KEY_TYPES })
        : viewer
          ? installationFeed({ types: KEY_TYPES })
          : null,
    rereadOn: () => true,
    keepsEvents: false,
  });
  useReadInFront(reread);
  const shown = useLatest(data, data !== undefined);
  const narrowed = [view.search, view.state, view.in].some(Boolean);
  return (
    <QueryState data={shown} error={error}>
      {({ project: found, installationApiKeys }) => {
        const keys = readFragment(PageFragment, installationApiKeys ?? found?.workspace.apiKeys);
        if (!keys) return null;
        if (keys.edges.length === 0) {
          return (
            <Card>
              {narrowed ? (
                <Empty title="No key is like that">Search for a part of its name, or clear the filters.</Empty>
              ) : (
                <Empty title="There is no key yet">
                  Create one for a program, or register an agent: it gets a key of its own.
                </Empty>
              )}
            </Card>
          );
        }
        return (
          <>
            <Card className="overflow-x-auto" aria-busy={data === undefined}>
              <table aria-label="API keys" className="w-full text-left">
                <ListHead columns={COLUMNS} actions="Actions" />
                <tbody>
                  {keys.edges.map(({ node }) => (
                    <KeyRow key={node.id} project={project} apiKey={node} onChanged={reread} />
                  ))}
                </tbody>
              </table>
            </Card>
            <ListFoot one="key" list={keys} hrefOf={(page) => routes.settings(project, "keys", { ...view, ...page })} />
          </>
        );
      }}
    </QueryState>
  );
}
