"use client";
import type { AgentState } from "#api/generated/graphql.ts";
import { Card } from "#components/card.tsx";
import { numberText } from "#components/number-text.ts";
import { Elapsed } from "#components/time.tsx";
import { RECENT_DAYS } from "#features/overview/use-flow.ts";
import { TASK_STATES } from "#lifecycles/task-states.tsx";
import { StateIcon } from "#lifecycles/state-badge.tsx";

interface AllWellProps {
  readonly agents: readonly { readonly state: AgentState; readonly count: number }[];
  /** When the last task failed; null when none has for a week. */
  readonly lastFailed: string | null;
}

const AT_WORK: readonly AgentState[] = ["ONLINE", "IDLE", "BUSY"];

/** Nothing needs anybody, and since when no task has failed. */
export function AllWell({ agents, lastFailed }: AllWellProps) {
  const all = agents.reduce((sum, { state, count }) => (state === "DECOMMISSIONED" ? sum : sum + count), 0);
  const working = agents.reduce((sum, { state, count }) => (AT_WORK.includes(state) ? sum + count : sum), 0);
  return (
    <Card className="flex items-start gap-3 px-4 py-3.5">
      <span className="mt-1">
        <StateIcon look={TASK_STATES.SUCCEEDED} />
      </span>
      <div>
        <h2 className="font-semibold">All is well</h2>
        <p className="text-muted">
          {all === 0
            ? "There is no agent yet, and nothing waits for one. "
            : `${numberText(working)} of ${numberText(all)} ${all === 1 ? "agent is" : "agents are"} at work, and nothing needs you. `}
          {lastFailed === null ? (
            `No task has failed in the last ${RECENT_DAYS} days.`
          ) : (
            <>
              No task has failed for <Elapsed since={lastFailed} />.
            </>
          )}
        </p>
      </div>
    </Card>
  );
}
