import Link from "next/link";
import { Card } from "#components/card.tsx";
import { numberText } from "#components/number-text.ts";
import { AgentStateBar } from "#lifecycles/agent-state-bar.tsx";
import { type AgentStateCount, presentStates } from "#lifecycles/agent-state-counts.ts";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";
import { StateIcon } from "#lifecycles/state-badge.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

interface FleetStatesProps {
  readonly project: ProjectRoute;
  readonly counts: readonly AgentStateCount[];
}

/** The fleet by state: a bar, and the way to the agents of each. */
export function FleetStates({ project, counts }: FleetStatesProps) {
  const present = presentStates(counts);
  const total = present.reduce((sum, { count }) => sum + count, 0);
  return (
    <Card className="grid content-start gap-3 px-4 py-3.5">
      <div className="flex items-baseline justify-between gap-4">
        <h2 className="font-semibold">Fleet</h2>
        <Link href={routes.fleet(project)} className="text-muted tabular-nums hover:text-ink hover:underline">
          {numberText(total)} {total === 1 ? "agent" : "agents"}
        </Link>
      </div>
      {total === 0 ? (
        <p className="text-muted">
          No agent is registered yet.{" "}
          <Link href={routes.definitions(project)} className="text-accent underline">
            Register one from a definition
          </Link>
        </p>
      ) : (
        <>
          <AgentStateBar counts={present} />
          <ul aria-label="Agents by state" className="flex flex-wrap gap-1.5">
            {present.map(({ state, count }) => (
              <li key={state}>
                <Link
                  href={routes.fleet(project, { state: [state] })}
                  prefetch={false}
                  className="inline-flex items-center gap-1.5 rounded-full border border-line px-2.5 py-0.5 text-muted hover:border-line-strong hover:text-ink"
                >
                  <StateIcon look={AGENT_STATES[state]} />
                  {AGENT_STATES[state].word}
                  <b className="font-semibold text-ink tabular-nums">{numberText(count)}</b>
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}
