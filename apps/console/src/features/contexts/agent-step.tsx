import Link from "next/link";
import type { ReactNode } from "react";
import { durationText, Elapsed } from "#components/time.tsx";
import { Until } from "#components/until.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { ROLLBACK_STATES } from "#lifecycles/rollback-states.tsx";
import type { AgentStep } from "#features/contexts/rollback-steps.ts";
import { AGENT_STATES, type StateLook } from "#lifecycles/agent-states.tsx";
import { StateIcon } from "#lifecycles/state-badge.tsx";
import { routes } from "#routes.ts";

const LOOKS: Readonly<Record<AgentStep["kind"], StateLook>> = {
  confirmed: ROLLBACK_STATES.SUCCEEDED,
  waiting: ROLLBACK_STATES.PENDING,
  failed: ROLLBACK_STATES.FAILED,
  unanswered: AGENT_STATES.REGISTERED,
  left: AGENT_STATES.OFFLINE,
};

/** One thing that happened, or is still to happen. */
export function Step({
  look,
  title,
  children,
}: {
  readonly look: StateLook;
  readonly title: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <li className="grid grid-cols-[20px_1fr] gap-x-2 py-1.5">
      <span className="pt-1">
        <StateIcon look={look} />
      </span>
      <div className="min-w-0">
        <p>{title}</p>
        {children !== undefined && <div className="text-muted wrap-anywhere">{children}</div>}
      </div>
    </li>
  );
}

interface AgentStepLineProps {
  readonly step: AgentStep;
  readonly version: number;
  readonly since: string;
  /** When the rollback fails without an answer; null when it does not wait. */
  readonly deadline: string | null;
}

/** How it stands with one agent that a rollback asked. */
export function AgentStepLine({ step, version, since, deadline }: AgentStepLineProps) {
  const { project } = useContextView();
  const name =
    step.agentId === null ? (
      step.name
    ) : (
      <Link
        href={routes.agent(project, step.agentId)}
        className="font-[550] underline decoration-line-strong underline-offset-2 hover:text-accent"
      >
        {step.name}
      </Link>
    );
  const look = LOOKS[step.kind];
  switch (step.kind) {
    case "confirmed":
      return (
        <Step look={look} title={<>{name} confirmed</>}>
          after {durationText(step.afterMs ?? 0)}
        </Step>
      );
    case "waiting":
      return (
        <Step
          look={look}
          title={
            <>
              {name} {step.meanwhile?.does}
            </>
          }
        >
          {step.meanwhile?.means}; <Elapsed since={since} /> so far
          {deadline !== null && (
            <>
              , fails <Until at={deadline} /> unless it answers
            </>
          )}
        </Step>
      );
    case "failed":
      return (
        <Step look={look} title={<>{name} could not load it</>}>
          {step.error}
        </Step>
      );
    case "unanswered":
      return (
        <Step look={look} title={<>{name} did not answer</>}>
          It is told of version {version} all the same.
        </Step>
      );
    case "left":
      return (
        <Step look={look} title={<>{name} is not running any more</>}>
          It starts with version {version}, or a newer one.
        </Step>
      );
  }
}
