"use client";
import { useSearchParams } from "next/navigation";
import { graphql } from "#api/generated/gql.ts";
import { pageArguments, pageViewOf } from "#api/page-view.ts";
import { usePermissions } from "#api/use-permissions.ts";
import { ListFoot } from "#components/list-foot.tsx";
import { Empty } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { SearchBox } from "#components/search-box.tsx";
import { useLatest } from "#components/use-latest.ts";
import { AgentRow } from "#features/settings/keys/agent-row.tsx";
import { SettingsCard } from "#features/settings/settings-card.tsx";
import { useLiveQuery } from "#live/use-live-query.ts";
import { projectPath, type ProjectRoute, routes } from "#routes.ts";

const KeysQuery = graphql(`
  query AgentKeys($path: String!, $search: String, $first: Int, $after: String, $last: Int, $before: String) {
    project(path: $path) {
      id
      cursor
      agents(filter: { search: $search }, first: $first, after: $after, last: $last, before: $before) {
        totalCount
        totalIsCapped
        edges {
          node {
            id
            ...AgentKeyRow
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
`);

const KeysFeed = graphql(`
  subscription AgentKeysFeed($project: ID!, $after: String) {
    events(project: $project, after: $after, filter: { types: ["agent.registered", "agent.updated"] }) {
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

/** The agents, and another key for each. */
export function AgentKeys({ project }: { readonly project: ProjectRoute }) {
  const params = useSearchParams();
  const mayRotate = usePermissions(project)?.includes("agent.register") ?? false;
  const search = params.get("search") ?? undefined;
  const { data, error } = useLiveQuery({
    query: KeysQuery,
    variables: {
      path: projectPath(project),
      search: search ?? null,
      ...pageArguments(pageViewOf(params)),
    },
    feed: ({ project: found }) => found && { document: KeysFeed, variables: { project: found.id } },
    rereadOn: () => true,
    keepsEvents: false,
  });
  const shown = useLatest(data, data !== undefined);
  return (
    <>
      <SettingsCard
        title="Keys of agents"
        description="Each agent has a key of its own, shown once when it is registered or its key is rotated. It acts for that agent alone."
      >
        <div className="-mx-5 -mb-4 grid gap-3">
          <div className="px-5">
            <SearchBox
              label="Search agents"
              placeholder="Name or id"
              value={search ?? ""}
              onSearch={(text) =>
                window.history.replaceState(null, "", routes.settings(project, "keys", { of: "agents", search: text }))
              }
            />
          </div>
          <QueryState data={shown} error={error}>
            {({ project: found }) => {
              if (!found) return null;
              const { edges } = found.agents;
              if (edges.length === 0) {
                return search === undefined ? (
                  <Empty title="There is no agent yet">Register one on the page of its definition.</Empty>
                ) : (
                  <Empty title={`No agent is called ${search}`}>Search for a part of its name, or for its id.</Empty>
                );
              }
              return (
                <div aria-busy={data === undefined}>
                  <ul aria-label="Keys of agents">
                    {edges.map(({ node }) => (
                      <AgentRow key={node.id} project={project} agent={node} mayRotate={mayRotate} />
                    ))}
                  </ul>
                  <ListFoot
                    one="agent"
                    list={found.agents}
                    hrefOf={(page) => routes.settings(project, "keys", { of: "agents", search, ...page })}
                    className="border-t border-line px-5 py-3"
                  />
                </div>
              );
            }}
          </QueryState>
        </div>
      </SettingsCard>
    </>
  );
}
