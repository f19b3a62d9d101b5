"use client";
import { graphql } from "#api/generated/gql.ts";
import type { Role } from "#api/generated/graphql.ts";
import { pageArguments } from "#api/page-view.ts";
import { Card } from "#components/card.tsx";
import { ListFoot } from "#components/list-foot.tsx";
import { ListHead } from "#components/list-head.tsx";
import { Empty } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { useLatest } from "#components/use-latest.ts";
import { MemberRow } from "#features/settings/people/member-row.tsx";
import type { PeopleContext } from "#features/settings/people/person-actions.tsx";
import { installationFeed, PEOPLE_TYPES, ROLE_TYPES, workspaceFeed } from "#features/settings/place-feeds.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { useReadInFront } from "#live/use-read-in-front.ts";
import { projectPath, routes, type SettingsView } from "#routes.ts";

const MembersQuery = graphql(`
  query Members($path: String!, $filter: MemberFilter, $first: Int, $after: String, $last: Int, $before: String) {
    viewer {
      installationPermissions
    }
    project(path: $path) {
      id
      workspace {
        id
        cursor
        members(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
          totalCount
          edges {
            node {
              id
              ...MemberRow
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
    }
  }
`);

/** Each with what a narrow window does with it. */
const COLUMNS = [
  ["Person", "max-sm:pr-2"],
  ["Role", "max-sm:px-2"],
  ["Where", "hidden sm:table-cell"],
  ["Last signed in", "hidden md:table-cell"],
] as const;

interface MembersProps {
  readonly people: Omit<PeopleContext, "reread">;
  readonly view: SettingsView;
  readonly narrowed: boolean;
}

/** Who has a role in the workspace. */
export function Members({ people, view, narrowed }: MembersProps) {
  const { project, here } = people;
  const variables = {
    path: projectPath(project),
    filter: {
      ...(view.search && { search: view.search }),
      ...(view.role && { role: view.role as Role }),
      ...(view.in === "project" && { project: here.projectId }),
    },
    ...pageArguments(view),
  };
  const { data, error, reread } = useLiveQuery({
    query: MembersQuery,
    variables,
    // Roles belong to the workspace, people to the installation: of these only who manages them hears.
    feed: ({ project: found, viewer }) =>
      viewer.installationPermissions.includes("user.manage")
        ? installationFeed({ types: PEOPLE_TYPES }, true)
        : found && workspaceFeed(found.workspace.id, { types: ROLE_TYPES }),
    rereadOn: () => true,
    keepsEvents: false,
  });
  useReadInFront(reread);
  const shown = useLatest(data, data !== undefined);
  return (
    <QueryState data={shown} error={error}>
      {({ project: found }) => {
        if (!found) return null;
        const { members } = found.workspace;
        if (members.edges.length === 0) {
          return (
            <Card>
              {narrowed ? (
                <Empty title="Nobody is like that">Search for a part of a name or address, or clear the filters.</Empty>
              ) : (
                <Empty title="Nobody has a role here yet">
                  Invite the first person: you get a link to pass on. Who has a role in the whole installation reaches
                  this workspace as well.
                </Empty>
              )}
            </Card>
          );
        }
        return (
          <>
            <Card className="overflow-x-auto" aria-busy={data === undefined}>
              <table aria-label="People" className="w-full text-left">
                <ListHead columns={COLUMNS} actions="Actions" />
                <tbody>
                  {members.edges.map(({ node }) => (
                    <MemberRow key={node.id} membership={node} people={{ ...people, reread }} />
                  ))}
                </tbody>
              </table>
            </Card>
            <p className="text-muted">Who has a role in the whole installation reaches this workspace as well.</p>
            <ListFoot
              one="role"
              list={members}
              hrefOf={(page) => routes.settings(project, "people", { ...view, ...page })}
            />
          </>
        );
      }}
    </QueryState>
  );
}
