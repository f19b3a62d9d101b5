import type { ReactNode } from "react";
import type { FleetAgentNowFragment as AgentNow, FleetArrivalFragment as Arrival } from "#api/generated/graphql.ts";
import { Elapsed } from "#components/time.tsx";
import { becomesText } from "#events/drain-words.ts";
import { quoted } from "#events/event-payload.ts";
import { stayText } from "#features/fleet/agent-stay.ts";
import type { AgentWork } from "#features/fleet/fleet-task.ts";
import { EndedDetail, RunningDetail, RunningTitle } from "#features/fleet/task-lines.tsx";

interface DoingProps {
  readonly agent: AgentNow;
  /** How it came to its state, as far as that is known. */
  readonly arrival: Arrival | undefined;
  readonly work: AgentWork;
}

/** What an agent does now in two lines; or what it did last, or why it does nothing. */
export function Doing({ agent, arrival, work }: DoingProps) {
  const { first, second, tone } = linesOf(agent, arrival, work);
  return (
    // Always two lines, so that rows keep their place.
    <div className="grid min-h-10 min-w-0 grid-cols-[minmax(0,1fr)] content-center">
      <div className={`truncate ${tone}`} title={typeof first === "string" ? first : undefined}>
        {first}
      </div>
      <div className="truncate text-sm text-muted">
        {agent.pendingAction === null ? second : <Pending agent={agent} action={agent.pendingAction} />}
      </div>
    </div>
  );
}

interface Lines {
  readonly first: ReactNode;
  readonly second?: ReactNode;
  readonly tone: string;
}

function linesOf(agent: AgentNow, arrival: Arrival | undefined, { running, last }: AgentWork): Lines {
  const before = last && `Before that: ${last.title}`;
  if (agent.state === "ERROR") {
    return { first: agent.lastError ?? "It failed and did not say why", second: before, tone: "text-danger" };
  }
  const [current, ...others] = running;
  const title = current && <RunningTitle running={[current, ...others]} />;
  if (agent.state === "UNRESPONSIVE") {
    return { first: <Silence since={agent.lastHeartbeatAt} />, second: title ?? before, tone: "text-danger" };
  }
  const why = stayText(agent.state, arrival);
  if (why !== null) return { first: why, second: title ?? before, tone: "text-ink" };
  if (current) return { first: title, second: <RunningDetail task={current} />, tone: "font-[550]" };
  if (last) return { first: last.title, second: <EndedDetail task={last} />, tone: "text-muted" };
  return { first: "Waits for its first task", tone: "text-muted" };
}

function Silence({ since }: { readonly since: string | null }) {
  return since === null ? (
    "It never sent a heartbeat"
  ) : (
    <>
      No heartbeat for <Elapsed since={since} />
    </>
  );
}

function Pending({ agent, action }: { readonly agent: AgentNow; readonly action: string }) {
  const text = `Will be ${becomesText(action)} when its ${agent.activeTasks > 1 ? "tasks end" : "task ends"}${
    agent.pendingReason === null ? "" : `: ${quoted(agent.pendingReason)}`
  }`;
  return (
    <span className="text-warning" title={text}>
      {text}
    </span>
  );
}
