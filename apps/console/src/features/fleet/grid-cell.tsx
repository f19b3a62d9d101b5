"use client";
import Link from "next/link";
import { memo, type PointerEvent } from "react";
import type { AgentState } from "#api/generated/graphql.ts";
import { RowCheckbox } from "#components/table/row-checkbox.tsx";
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
  /** The moment that is shown; now, without it. */
  readonly moment: string | undefined;
  /** Undefined where nothing can be chosen. */
  readonly selected: boolean | undefined;
  readonly onToggle: ((id: string, range: boolean) => void) | undefined;
}

const shapeId = (state: AgentState) => `shape-${state.toLowerCase()}`;

/** In the corner while one points at the cell. Once something is chosen, a click anywhere in a cell chooses it, too. */
const CHECKBOX =
  "absolute top-0 left-0 grid size-3 cursor-pointer place-items-start p-px opacity-0 group-data-selecting/grid:size-full focus-within:opacity-100 group-focus-within/cell:opacity-100 group-hover/cell:opacity-100 has-checked:opacity-100 [&>input]:size-2.5";

/** An agent as the shape of its state. */
export const GridCell = memo(
  function GridCell(props: GridCellProps) {
    const { index, agent, href = "", reachable, total, moment, selected, onToggle } = props;
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
      <li
        style={size}
        data-index={index}
        aria-posinset={index + 1}
        aria-setsize={total}
        onPointerEnter={(event) => tell(event, agent, moment)}
        className="group/cell relative rounded-sm has-checked:bg-accent-soft"
      >
        <Link
          href={href}
          prefetch={false}
          tabIndex={reachable ? 0 : -1}
          aria-label={`${agent.name}: ${word}`}
          className="grid size-full place-items-center rounded-sm -outline-offset-2 hover:bg-sunken"
          style={{ color: colour }}
        >
          <svg viewBox="0 0 12 12" aria-hidden className="size-3.5">
            <use href={`#${shapeId(agent.state)}`} />
          </svg>
        </Link>
        {onToggle && (
          <RowCheckbox
            label={`Select ${agent.name}`}
            checked={selected ?? false}
            onToggle={(range) => onToggle(agent.id, range)}
            className={CHECKBOX}
          />
        )}
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
    before.selected === now.selected &&
    before.onToggle === now.onToggle &&
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
