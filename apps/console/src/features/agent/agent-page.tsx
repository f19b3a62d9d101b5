"use client";
import dynamic from "next/dynamic";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { usePermissions } from "#api/use-permissions.ts";
import { Card } from "#components/card.tsx";
import { Loading, NotFoundHere } from "#components/notice.tsx";
import { useNamedPage } from "#components/page-name.ts";
import { QueryState } from "#components/query-state.tsx";
import { AgentTabs, useAgentTab } from "#features/agent/agent-tabs.tsx";
import { AgentActions } from "#features/agent/header/agent-actions.tsx";
import { AgentSummary } from "#features/agent/header/agent-summary.tsx";
import { PendingAction } from "#features/agent/header/pending-action.tsx";
import { LiveAgentFragment } from "#features/agent/live-agent.ts";
import { AgentTrouble } from "#features/agent/trouble/agent-trouble.tsx";
import { useAgent } from "#features/agent/use-agent.ts";
import { projectPath, type ProjectRoute, routes } from "#routes.ts";

const loading = () => (
  <Card>
    <Loading />
  </Card>
);
/** Each is loaded when it is opened: nobody needs all of them. */
const TimelineTab = dynamic(() => import("#features/agent/timeline/timeline-tab.tsx"), { loading });
const TasksTab = dynamic(() => import("#features/agent/tasks/tasks-tab.tsx"), { loading });
const ContextsTab = dynamic(() => import("#features/agent/contexts/contexts-tab.tsx"), { loading });
const ConfigTab = dynamic(() => import("#features/agent/config/config-tab.tsx"), { loading });
const VersionsTab = dynamic(() => import("#features/agent/versions/versions-tab.tsx"), { loading });
const HealthTab = dynamic(() => import("#features/agent/health/health-tab.tsx"), { loading });

interface AgentPageProps {
  readonly project: ProjectRoute;
  readonly id: string;
}

const NONE: readonly string[] = [];

/** One agent: what it is and does, what may be done with it, and how it came to this. */
export function AgentPage({ project, id }: AgentPageProps) {
  const { data, error } = useAgent(id);
  const permissions = usePermissions(project) ?? NONE;
  const found = data?.node?.__typename === "Agent" ? data.node : null;
  const here = found !== null && found.project.path === projectPath(project) ? found : null;
  return (
    <>
      <QueryState data={data} error={error}>
        {() =>
          here === null ? (
            <NotFoundHere what="agent" id={id} project={projectPath(project)} list={routes.fleet(project)} />
          ) : (
            <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
              <Head project={project} agent={here} permissions={permissions} />
              <AgentTabs project={project} agent={here} />
            </div>
          )
        }
      </QueryState>
      {/* There from the start, so that what it reads is on its way together with the agent. */}
      {(data === undefined || here !== null) && (
        <div className="mt-4" hidden={here === null}>
          <OpenTab project={project} id={id} agent={here} permissions={permissions} />
        </div>
      )}
    </>
  );
}

interface PartProps {
  readonly project: ProjectRoute;
  readonly agent: FragmentType<typeof LiveAgentFragment>;
  readonly permissions: readonly string[];
}

function Head({ project, agent: masked, permissions }: PartProps) {
  const agent = readFragment(LiveAgentFragment, masked);
  useNamedPage(agent.name);
  return (
    <>
      <AgentSummary project={project} agent={agent}>
        <AgentActions agent={agent} permissions={permissions} />
      </AgentSummary>
      <div className="grid gap-3 empty:hidden">
        <AgentTrouble project={project} agent={agent} />
        <PendingAction agent={agent} permissions={permissions} />
      </div>
    </>
  );
}

interface OpenTabProps extends Omit<PartProps, "agent"> {
  readonly id: string;
  /** Null until it has been read. */
  readonly agent: PartProps["agent"] | null;
}

function OpenTab({ project, id, agent: masked, permissions }: OpenTabProps) {
  const agent = readFragment(LiveAgentFragment, masked);
  switch (useAgentTab()) {
    case "timeline":
      return <TimelineTab project={project} id={id} agent={agent} />;
    case "tasks":
      return <TasksTab project={project} agent={id} />;
    case "contexts":
      return agent && <ContextsTab project={project} agent={agent} />;
    case "config":
      return agent && <ConfigTab project={project} agent={agent} permissions={permissions} />;
    case "versions":
      return <VersionsTab project={project} agent={id} permissions={permissions} />;
    case "health":
      return <HealthTab project={project} agent={id} />;
  }
}
