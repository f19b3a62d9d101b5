"use client";
import Link from "next/link";
import { memo, type PointerEvent } from "react";
import type { AgentState } from "#api/generated/graphql.ts";
import { durationText, exactText } from "#components/time.tsx";
import { CELL } from "#features/fleet/use-grid-window.ts";
import type { GridAgent } from "#features/fleet/state-grid.tsx";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";

interface GridCellProps {
  readonly index: number;
  /** Undefined while it is not loaded. */
  readonly agent: GridAgent | undefined;
  readonly href: string | undefined;
  /** Whether the Tab key leads to it. */
  readonly reachable: boolean;
  readonly total: number;
  readonly onFocus: (index: number) => void;
  /** The moment that is shown; now, without it. */
  readonly moment: string | undefined;
}

const shapeId = (state: AgentState) => `shape-${state.toLowerCase()}`;

/** An agent as the shape of its state. */
export const GridCell = memo(
  function GridCell({ index, agent, href = "", reachable, total, onFocus, moment }: GridCellProps) {
    const size = { height: CELL };
    if (!agent) {
      return (
        <li aria-hidden style={size} className="grid place-items-center">
          <span className="size-2.5 rounded-full bg-sunken" />
        </li>
      );
    }
    const { word, colour } = AGENT_STATES[agent.state];
    return (
      <li style={size} data-index={index} aria-posinset={index + 1} aria-setsize={total}>
        <Link
          href={href}
          prefetch={false}
          tabIndex={reachable ? 0 : -1}
          onFocus={() => onFocus(index)}
          aria-label={`${agent.name}: ${word}`}
          onPointerEnter={(event) => tell(event, agent, moment)}
          className="grid size-full place-items-center rounded-sm -outline-offset-2 hover:bg-sunken"
          style={{ color: colour }}
        >
          <svg viewBox="0 0 12 12" aria-hidden className="size-3.5">
            <use href={`#${shapeId(agent.state)}`} />
          </svg>
        </Link>
      </li>
    );
  },
  (before, now) =>
    before.index === now.index &&
    before.reachable === now.reachable &&
    before.total === now.total &&
    before.agent?.id === now.agent?.id &&
    before.agent?.state === now.agent?.state &&
    before.agent?.since === now.agent?.since &&
    before.moment === now.moment &&
    before.href === now.href,
);

/** A tooltip that is made when the pointer comes: thousands of cells need none before. */
function tell({ currentTarget }: PointerEvent<HTMLElement>, { name, state, since }: GridAgent, moment?: string): void {
  const end = moment === undefined ? Date.now() : Date.parse(moment);
  const elapsed = durationText(Math.max(1_000, end - Date.parse(since)));
  currentTarget.title = `${name}\n${AGENT_STATES[state].word} for ${elapsed}\nsince ${exactText(since)}`;
}

/** The shapes, once for all cells. */
export function ShapeDefinitions() {
  return (
    <svg aria-hidden className="absolute size-0">
      <defs>
        {(Object.keys(AGENT_STATES) as AgentState[]).map((state) => (
          <g key={state} id={shapeId(state)}>
            {AGENT_STATES[state].shape}
          </g>
        ))}
      </defs>
    </svg>
  );
}
