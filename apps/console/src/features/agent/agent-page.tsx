"use client";
import { useEffect } from "react";
import { graphql } from "#api/generated/gql.ts";
import { NotFoundHere } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { AgentActions } from "#features/agent/agent-actions.tsx";
import { AgentContexts } from "#features/agent/agent-contexts.tsx";
import { AgentSummary } from "#features/agent/agent-summary.tsx";
import { AgentTasks } from "#features/agent/agent-tasks.tsx";
import { AgentTrouble } from "#features/agent/agent-trouble.tsx";
import { EventList } from "#features/agent/event-list.tsx";
import { EventPanel } from "#features/agent/event-panel.tsx";
import { PendingAction } from "#features/agent/pending-action.tsx";
import { StateHistory } from "#features/agent/state-history.tsx";
import { AgentViewProvider } from "#features/agent/agent-view.tsx";
import { useLiveQuery } from "#live/use-live-query.ts";
import { projectPath, type ProjectRoute, routes } from "#routes.ts";

const AgentQuery = graphql(`
  query Agent($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Agent {
        name
        project {
          id
          path
          cursor
        }
        ...AgentSummary
        ...AgentActions
        ...AgentTrouble
        ...PendingAction
        ...StateHistory
        ...AgentTasks
        ...AgentContexts
      }
    }
  }
`);

const AgentFeed = graphql(`
  subscription AgentFeed($project: ID!, $agent: ID!, $after: String) {
    events(project: $project, after: $after, filter: { agents: [$agent] }) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
          type
          ... on AgentTransitioned {
            agent {
              id
              version
              ...AgentSummary
              ...AgentActions
              ...AgentTrouble
              ...PendingAction
              ...StateHistory
            }
          }
          ... on TaskTransitioned {
            agent {
              id
              activeTasks
              available
            }
            task {
              id
              ...AgentTask
            }
          }
        }
      }
    }
  }
`);

/** What only the query tells: these events carry no agent, and open what was not there. */
const REREAD = new Set([
  "agent.drain_requested",
  "agent.drain_cancelled",
  "agent.updated",
  "agent.connected",
  "context.opened",
]);

interface AgentPageProps {
  readonly project: ProjectRoute;
  readonly id: string;
}

/** One agent: what it is and does, what may be done with it, and how it came to this. */
export function AgentPage({ project, id }: AgentPageProps) {
  const { data, events, error } = useLiveQuery({
    query: AgentQuery,
    variables: { id },
    feed: ({ node }) =>
      node?.__typename === "Agent"
        ? { document: AgentFeed, variables: { project: node.project.id, agent: node.id } }
        : null,
    rereadOn: ({ type }) => REREAD.has(type),
  });
  const found = data?.node?.__typename === "Agent" ? data.node : null;
  const name = found?.name;
  useEffect(() => {
    if (name !== undefined) document.title = `${name} · Muster`;
  }, [name]);
  return (
    <QueryState data={data} error={error}>
      {() =>
        found === null || found.project.path !== projectPath(project) ? (
          <NotFoundHere what="agent" id={id} project={projectPath(project)} list={routes.fleet(project)} />
        ) : (
          <AgentViewProvider project={project} agent={id}>
            <div className="grid gap-x-5 gap-y-4 lg:grid-cols-[minmax(0,1fr)_300px]">
              <div className="lg:col-span-2">
                <AgentSummary agent={found}>
                  <AgentActions agent={found} />
                </AgentSummary>
              </div>
              <div className="grid gap-3 empty:hidden lg:col-span-2">
                <AgentTrouble agent={found} />
                <PendingAction agent={found} />
              </div>
              <div className="min-w-0 lg:col-span-2">
                <StateHistory agent={found} />
              </div>
              <aside aria-label="Beside the timeline" className="min-w-0 lg:order-last">
                <div className="grid grid-cols-[minmax(0,1fr)] gap-4 lg:sticky lg:top-4">
                  <EventPanel newest={events.at(-1)?.id} />
                  <AgentTasks agent={found} events={events} />
                  <AgentContexts agent={found} project={project} />
                </div>
              </aside>
              <EventList />
            </div>
          </AgentViewProvider>
        )
      }
    </QueryState>
  );
}
