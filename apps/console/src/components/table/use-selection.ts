"use client";
import { useMemo, useRef, useState } from "react";
import {
  extendTo,
  isSelected,
  NOTHING_SELECTED,
  type RowSelection,
  toggleLoaded,
  toggleRow,
} from "#components/table/selection.ts";

/** The rows that somebody has chosen, and how they are chosen. */
export interface TableSelection {
  readonly chosen: RowSelection;
  /** How many; of all that match, as many as the list counts. */
  readonly count: number;
  readonly has: (id: string) => boolean;
  readonly toggle: (id: string, range: boolean) => void;
  readonly toggleLoaded: () => void;
  readonly selectAll: () => void;
  readonly clear: () => void;
  /** Of those that are loaded: all, some or none. */
  readonly loaded: "all" | "some" | "none";
}

interface Listed {
  readonly key: string;
  readonly rows: readonly { readonly id: string }[];
  readonly total: number;
}

/** Keeps what is chosen of a list; another list begins with nothing chosen. */
export function useSelection({ key, rows, total }: Listed): TableSelection {
  const [kept, setKept] = useState({ key, chosen: NOTHING_SELECTED });
  const chosen = kept.key === key ? kept.chosen : NOTHING_SELECTED;
  const latest = useRef({ key, rows });
  latest.current = { key, rows };
  // These stay the same: rows are not drawn anew for them.
  const actions = useMemo(() => {
    const change = (how: (selection: RowSelection, loaded: readonly string[]) => RowSelection) => {
      const now = latest.current;
      const loaded = now.rows.map(({ id }) => id);
      setKept((before) => ({
        key: now.key,
        chosen: how(before.key === now.key ? before.chosen : NOTHING_SELECTED, loaded),
      }));
    };
    return {
      toggle: (id: string, range: boolean) =>
        change((before, loaded) => (range ? extendTo : toggleRow)(before, id, loaded)),
      toggleLoaded: () => change(toggleLoaded),
      selectAll: () => change(() => ({ ...NOTHING_SELECTED, all: true })),
      clear: () => change(() => NOTHING_SELECTED),
    };
  }, []);
  return useMemo(() => {
    const some = chosen.all || chosen.ids.size > 0;
    return {
      ...actions,
      chosen,
      count: chosen.all ? total : chosen.ids.size,
      has: (id) => isSelected(chosen, id),
      loaded: !some ? "none" : rows.every(({ id }) => isSelected(chosen, id)) ? "all" : "some",
    };
  }, [actions, rows, total, chosen]);
}
