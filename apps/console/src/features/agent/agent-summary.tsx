"use client";
import type { ReactNode } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { AgentState } from "#api/generated/graphql.ts";
import { CopyableId } from "#components/copyable-id.tsx";
import { Tag } from "#components/tag.tsx";
import { Ago, Elapsed } from "#components/time.tsx";
import { AgentStateBadge } from "#lifecycles/state-badge.tsx";

const SummaryFragment = graphql(`
  fragment AgentSummary on Agent {
    id
    name
    state
    stateSince
    definition {
      id
      name
      version
    }
    definitionVersion
    capabilities
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
  readonly agent: FragmentType<typeof SummaryFragment>;
  /** What may be done with it. */
  readonly children: ReactNode;
}

/** Who it is and how it is. */
export function AgentSummary({ agent: masked, children }: AgentSummaryProps) {
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
          <span title={newerText(definitionVersion, definition.version)}>
            {definition.name} version {definitionVersion}
            {definition.version > definitionVersion && ` of ${definition.version}`}
          </span>
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
          <span className="flex flex-wrap gap-1">
            {agent.capabilities.map((capability) => (
              <Tag key={capability}>{capability}</Tag>
            ))}
          </span>
        </div>
      </div>
      {children}
    </section>
  );
}

function newerText(own: number, newest: number): string {
  return newest > own ? `Version ${newest} is the newest of its definition` : "The newest version of its definition";
}
