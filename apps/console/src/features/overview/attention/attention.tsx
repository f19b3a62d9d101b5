"use client";
import type { FlowQuery, OverviewQuery } from "#api/generated/graphql.ts";
import { Card } from "#components/card.tsx";
import { Loading } from "#components/notice.tsx";
import { AllWell } from "#features/overview/attention/all-well.tsx";
import { DeadTasks } from "#features/overview/attention/dead-tasks.tsx";
import { failingWebhooks, FailingWebhooks } from "#features/overview/attention/failing-webhooks.tsx";
import { LateTasks } from "#features/overview/attention/late-tasks.tsx";
import { PausedQueues } from "#features/overview/attention/paused-queues.tsx";
import { FailedAgents, LostAgents } from "#features/overview/attention/troubled-agents.tsx";
import { UnsettledRollbacks } from "#features/overview/attention/unsettled-rollbacks.tsx";
import type { ProjectRoute } from "#routes.ts";

interface AttentionProps {
  readonly project: ProjectRoute;
  readonly found: NonNullable<OverviewQuery["project"]>;
  /** What is known of tasks; undefined before that. */
  readonly flow: FlowQuery["project"] | undefined;
  readonly permissions: readonly string[];
  /** Tasks that were created earlier do not count. */
  readonly recent: string;
}

const nodes = <Node,>({ edges }: { readonly edges: readonly { readonly node: Node }[] }) =>
  edges.map(({ node }) => node);

/** What needs somebody now, the worst first, each with its next step; or that nothing does. */
export function Attention({ project, found, flow, permissions, recent }: AttentionProps) {
  const webhooks = failingWebhooks(nodes(found.webhooks));
  const [oldest] = flow ? nodes(flow.late) : [];
  const kinds = [
    found.failed.totalCount,
    found.lost.totalCount,
    found.contexts.totalCount,
    found.queues.totalCount,
    webhooks.length,
    flow?.dead.totalCount ?? 0,
    flow?.late.totalCount ?? 0,
  ].filter((count) => count > 0).length;
  if (flow === undefined && kinds === 0) {
    return (
      <Card>
        <Loading lines={2} label="Looking for what needs attention" />
      </Card>
    );
  }
  if (kinds === 0)
    return <AllWell agents={found.agentCounts} lastFailed={flow?.failed.edges[0]?.node.finishedAt ?? null} />;
  return (
    <section aria-labelledby="attention">
      <Card>
        <h2 id="attention" className="border-b border-line px-4 py-2.5 font-semibold">
          Needs attention
        </h2>
        <ul>
          <FailedAgents project={project} agents={nodes(found.failed)} total={found.failed.totalCount} />
          <LostAgents project={project} agents={nodes(found.lost)} total={found.lost.totalCount} />
          {flow && flow.dead.totalCount > 0 && (
            <DeadTasks
              project={project}
              projectId={found.id}
              tasks={nodes(flow.dead)}
              total={flow.dead.totalCount}
              totalIsCapped={flow.dead.totalIsCapped}
              mayRetry={permissions.includes("task.retry")}
              since={recent}
            />
          )}
          {flow && oldest && (
            <LateTasks
              project={project}
              oldest={oldest}
              total={flow.late.totalCount}
              totalIsCapped={flow.late.totalIsCapped}
            />
          )}
          <UnsettledRollbacks project={project} contexts={nodes(found.contexts)} total={found.contexts.totalCount} />
          <PausedQueues project={project} queues={nodes(found.queues)} total={found.queues.totalCount} />
          <FailingWebhooks project={project} webhooks={webhooks} />
        </ul>
      </Card>
    </section>
  );
}
