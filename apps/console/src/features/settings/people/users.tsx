"use client";
import { graphql } from "#api/generated/gql.ts";
import { pageArguments } from "#api/page-view.ts";
import { Card } from "#components/card.tsx";
import { ListFoot } from "#components/list-foot.tsx";
import { ListHead } from "#components/list-head.tsx";
import { Empty } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { useLatest } from "#components/use-latest.ts";
import type { PeopleContext } from "#features/settings/people/person-actions.tsx";
import { UserRow } from "#features/settings/people/user-row.tsx";
import { installationFeed, PEOPLE_TYPES } from "#features/settings/place-feeds.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { useReadInFront } from "#live/use-read-in-front.ts";
import { routes, type SettingsView } from "#routes.ts";

const UsersQuery = graphql(`
  query Users($filter: UserFilter, $first: Int, $after: String, $last: Int, $before: String) {
    viewer {
      cursor
    }
    users(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      edges {
        node {
          id
          ...UserRow
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`);

/** Each with what a narrow window does with it. */
const COLUMNS = [
  ["Person", "max-sm:pr-2"],
  ["Roles", "max-sm:px-2"],
  ["Last signed in", "hidden md:table-cell"],
] as const;

interface UsersProps {
  readonly people: Omit<PeopleContext, "reread">;
  readonly view: SettingsView;
}

/** Everybody who is known to the installation, also those without a role. */
export function Users({ people, view }: UsersProps) {
  const variables = {
    filter: {
      ...(view.search && { search: view.search }),
      ...(view.state && { disabled: view.state === "disabled" }),
    },
    ...pageArguments(view),
  };
  const { data, error, reread } = useLiveQuery({
    query: UsersQuery,
    variables,
    feed: () => installationFeed({ types: PEOPLE_TYPES }, true),
    rereadOn: () => true,
    keepsEvents: false,
  });
  useReadInFront(reread);
  const shown = useLatest(data, data !== undefined);
  return (
    <QueryState data={shown} error={error}>
      {({ users }) =>
        users.edges.length === 0 ? (
          <Card>
            <Empty title="Nobody is like that">Search for a part of a name or address, or clear the filters.</Empty>
          </Card>
        ) : (
          <>
            <Card className="overflow-x-auto" aria-busy={data === undefined}>
              <table aria-label="People" className="w-full text-left">
                <ListHead columns={COLUMNS} actions="Actions" />
                <tbody>
                  {users.edges.map(({ node }) => (
                    <UserRow key={node.id} user={node} people={{ ...people, reread }} />
                  ))}
                </tbody>
              </table>
            </Card>
            <ListFoot
              one="person"
              many="people"
              list={users}
              hrefOf={(page) => routes.settings(people.project, "people", { ...view, ...page })}
            />
          </>
        )
      }
    </QueryState>
  );
}
