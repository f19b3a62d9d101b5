"use client";
import { useEffect, useRef, useState } from "react";
import type { AgentState } from "#api/generated/graphql.ts";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { isRowCheckbox } from "#components/table/is-row-checkbox.ts";
import type { TableSelection } from "#components/table/use-selection.ts";
import { GridCell, ShapeDefinitions } from "#features/fleet/grid-cell.tsx";
import { CELL, useGridWindow } from "#features/fleet/use-grid-window.ts";
import type { RowList } from "#live/use-live-list.ts";

/** What a cell of the grid stands for. */
export interface GridAgent {
  readonly id: string;
  readonly name: string;
  readonly state: AgentState;
  readonly since: string;
}

interface StateGridProps<Row> {
  readonly list: Pick<RowList<Row>, "rows" | "total" | "show" | "hold">;
  readonly agentOf: (row: Row) => GridAgent;
  readonly hrefOf: (id: string) => string;
  /** The moment that it shows; now, without it. */
  readonly moment?: string;
  readonly selection?: TableSelection | undefined;
}

/**
 * Every agent as the shape of its state: thousands at a glance. The arrow keys go from one to the next, Enter opens it, Space or x
 * chooses it, and with the Shift key all up to it.
 */
export function StateGrid<Row extends { readonly id: string }>(props: StateGridProps<Row>) {
  const { list, agentOf, hrefOf, moment, selection } = props;
  const grid = useRef<HTMLUListElement>(null);
  const { rows, total, show, hold } = list;
  const { across, first, last, before, height, scrollTo } = useGridWindow({ grid, count: total, show });
  const [current, setCurrent] = useState(0);
  const [choosing, setChoosing] = useState(false);
  const reachable = Math.min(Math.max(current, first), last);

  const latest = useRef({ reachable, across, rows, scrollTo, selection });
  latest.current = { reachable, across, rows, scrollTo, selection };
  useEffect(() => {
    const element = grid.current;
    const onKeyDown = (event: KeyboardEvent) => {
      const now = latest.current;
      const row = now.rows[now.reachable];
      if (row && now.selection && chooses(event)) {
        event.preventDefault();
        now.selection.toggle(row.id, event.shiftKey);
      }
      const next = movedCell(now.reachable, event, now.across, now.rows.length);
      if (next === null) return;
      event.preventDefault();
      setCurrent(next);
      now.scrollTo(next);
      focusCell(element, next, PATIENCE);
    };
    const onFocus = ({ target }: FocusEvent) => {
      const cell = target instanceof Element ? target.closest<HTMLElement>("[data-index]") : null;
      if (cell) setCurrent(Number(cell.dataset["index"]));
    };
    element?.addEventListener("keydown", onKeyDown);
    element?.addEventListener("focusin", onFocus);
    return () => {
      element?.removeEventListener("keydown", onKeyDown);
      element?.removeEventListener("focusin", onFocus);
    };
  }, []);
  return (
    <Card className="p-3">
      <ShapeDefinitions />
      {/* A finger does not hover: cells have no checkbox for it to begin with. */}
      {selection && (
        <Button
          aria-pressed={choosing}
          onClick={() => setChoosing(!choosing)}
          className="mb-2 hidden! aria-pressed:bg-accent-soft pointer-coarse:inline-flex!"
        >
          Select
        </Button>
      )}
      <ul
        ref={grid}
        role="list"
        aria-label="Agents"
        data-selecting={selection && (choosing || selection.count > 0) ? "" : undefined}
        onPointerMove={hold}
        className="group/grid grid content-start [overflow-anchor:none]"
        style={{ height, paddingTop: before, gridTemplateColumns: `repeat(${across}, ${CELL}px)` }}
      >
        {Array.from({ length: Math.max(0, last - first + 1) }, (_, place) => {
          const index = first + place;
          const row = rows[index];
          return (
            <GridCell
              key={row?.id ?? index}
              index={index}
              agent={row && agentOf(row)}
              href={row && hrefOf(row.id)}
              reachable={index === reachable}
              total={total}
              moment={moment}
              selected={row && selection?.has(row.id)}
              onToggle={selection?.toggle}
            />
          );
        })}
      </ul>
    </Card>
  );
}

/** Frames that a cell which is scrolled to has until it is in the document. */
const PATIENCE = 20;

/** Whether a key chooses the cell. On a checkbox the browser itself takes Space for a click. */
function chooses({ key, target, altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (altKey || ctrlKey || metaKey) return false;
  return key.toLowerCase() === "x" || (key === " " && !isRowCheckbox(target));
}

/** The cell that a key leads to, of those that are loaded; null for other keys. */
function movedCell(from: number, event: KeyboardEvent, across: number, loaded: number): number | null {
  if (event.altKey || event.ctrlKey || event.metaKey) return null;
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: across,
    ArrowUp: -across,
    Home: -from,
    End: loaded,
  };
  const step = steps[event.key];
  return step === undefined ? null : Math.min(Math.max(from + step, 0), loaded - 1);
}

function focusCell(grid: HTMLElement | null, index: number, patience: number): void {
  const cell = grid?.querySelector<HTMLElement>(`[data-index="${index}"] a`);
  if (cell) cell.focus({ preventScroll: true });
  else if (patience > 0) requestAnimationFrame(() => focusCell(grid, index, patience - 1));
}
