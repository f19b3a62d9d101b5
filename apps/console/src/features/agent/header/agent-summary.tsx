"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { AgentState } from "#api/generated/graphql.ts";
import { CopyableId } from "#components/copyable-id.tsx";
import { Tag } from "#components/tag.tsx";
import { Ago, Elapsed } from "#components/time.tsx";
import { AgentStateBadge } from "#lifecycles/state-badge.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const SummaryFragment = graphql(`
  fragment AgentSummary on Agent {
    id
    name
    state
    stateSince
    definition {
      id
      name
      slug
      version
    }
    definitionVersion
    capabilities
    labels
    activeTasks
    maxConcurrency
    lastHeartbeatAt
    incarnation
  }
`);

/** Heartbeats that arrive are not events, so while an agent is at work the page says only that they do. */
const ANSWERING: readonly AgentState[] = ["ONLINE", "IDLE", "BUSY"];
/** In these no heartbeat counts any more: the last one stays the last. */
const SILENT: readonly AgentState[] = ["UNRESPONSIVE", "ERROR", "OFFLINE", "DECOMMISSIONED"];

const SUMMARY_ID = "agent-state";

/** Moves the focus to how the agent is: for when what had it is gone. Answers false: nobody else has to. */
export function focusSummary(): false {
  document.getElementById(SUMMARY_ID)?.focus({ preventScroll: true });
  return false;
}

interface AgentSummaryProps {
  readonly project: ProjectRoute;
  readonly agent: FragmentType<typeof SummaryFragment>;
  /** What may be done with it. */
  readonly children: ReactNode;
}

/** Who it is and how it is. */
export function AgentSummary({ project, agent: masked, children }: AgentSummaryProps) {
  const agent = readFragment(SummaryFragment, masked);
  const { definition, definitionVersion, incarnation } = agent;
  return (
    <section
      aria-label="State"
      id={SUMMARY_ID}
      tabIndex={-1}
      className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 outline-none"
    >
      <div className="min-w-0">
        <div className="flex flex-wrap items-baseline gap-x-3">
          <h1 className="text-xl font-semibold tracking-tight break-words">{agent.name}</h1>
          <AgentStateBadge state={agent.state} />
          <span className="text-muted">
            for <Elapsed since={agent.stateSince} />
          </span>
        </div>
        <div className="mt-1 flex flex-wrap items-baseline gap-x-4 gap-y-0.5 text-muted">
          <CopyableId id={agent.id} />
          <Link
            href={routes.definition(project, definition.slug)}
            prefetch={false}
            title={newerText(definitionVersion, definition.version)}
            className="hover:text-ink hover:underline"
          >
            {definition.name} version {definitionVersion}
            {definition.version > definitionVersion && ` of ${definition.version}`}
          </Link>
          <span className="tabular-nums">
            {agent.activeTasks} of {agent.maxConcurrency} {agent.maxConcurrency === 1 ? "task" : "tasks"}
          </span>
          {ANSWERING.includes(agent.state) && (
            <span title="Its heartbeats arrive. When they stop, it becomes Unresponsive.">heartbeats arrive</span>
          )}
          {SILENT.includes(agent.state) && agent.lastHeartbeatAt !== null && (
            <span>
              last heartbeat <Ago at={agent.lastHeartbeatAt} />
            </span>
          )}
          <span title="Rises by one with each process that connects for it">
            {incarnation === 0 ? "no process has connected yet" : `incarnation ${incarnation}`}
          </span>
        </div>
        <Marks project={project} capabilities={agent.capabilities} labels={agent.labels} />
      </div>
      {children}
    </section>
  );
}

interface MarksProps {
  readonly project: ProjectRoute;
  readonly capabilities: readonly string[];
  readonly labels: unknown;
}

/** What it can do and how it is labelled; each leads to the others of the fleet that are alike. */
function Marks({ project, capabilities, labels }: MarksProps) {
  const marks = [
    ...capabilities.map((name) => ({ text: name, search: `capability:${quotedTerm(name)}` })),
    ...Object.entries((labels ?? {}) as Record<string, string>).map(([name, value]) => ({
      text: `${name}=${value}`,
      search: `label:${quotedTerm(`${name}=${value}`)}`,
    })),
  ];
  return (
    <div className="mt-1.5 flex flex-wrap gap-1 empty:hidden">
      {marks.map(({ text, search }) => (
        <Link
          key={search}
          href={routes.fleet(project, { search })}
          prefetch={false}
          title={`All agents with ${search}`}
          className="rounded-sm hover:brightness-95"
        >
          <Tag>{text}</Tag>
        </Link>
      ))}
    </div>
  );
}

/** As the fleet's search reads it: quoted where it has spaces. */
function quotedTerm(text: string): string {
  return /[\s"]/.test(text) ? `"${text}"` : text;
}

function newerText(own: number, newest: number): string {
  return newest > own ? `Version ${newest} is the newest of its definition` : "The newest version of its definition";
}
