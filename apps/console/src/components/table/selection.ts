/** Which rows of a list are chosen: some by their ids, or all that match its filter, also those that are not loaded. */
export interface RowSelection {
  readonly ids: ReadonlySet<string>;
  readonly all: boolean;
  /** The row from which a range reaches. */
  readonly anchor: string | null;
}

export const NOTHING_SELECTED: RowSelection = { ids: new Set(), all: false, anchor: null };
/** So many can be chosen one by one; more than these only as all that match. */
export const MOST_SELECTED = 1_000;

export function isSelected({ all, ids }: RowSelection, id: string): boolean {
  return all || ids.has(id);
}

/**
 * With a row more, or without it when it was chosen. When all were chosen, those that are loaded stay chosen without it:
 * "all but this" cannot be asked for.
 */
export function toggleRow(selection: RowSelection, id: string, loaded: readonly string[]): RowSelection {
  const ids = new Set(selection.all ? loaded.slice(0, MOST_SELECTED) : selection.ids);
  if (!ids.delete(id) && ids.size < MOST_SELECTED) ids.add(id);
  return { ids, all: false, anchor: id };
}

/** With all rows between the last one that was chosen and this one, both included. */
export function extendTo(selection: RowSelection, id: string, loaded: readonly string[]): RowSelection {
  const [from, to] = [selection.anchor === null ? -1 : loaded.indexOf(selection.anchor), loaded.indexOf(id)];
  if (from < 0 || to < 0 || selection.all) return toggleRow(selection, id, loaded);
  const ids = new Set(selection.ids);
  for (const each of loaded.slice(Math.min(from, to), Math.max(from, to) + 1)) {
    if (ids.size < MOST_SELECTED) ids.add(each);
  }
  return { ids, all: false, anchor: id };
}

/** All that are loaded; nothing when they are chosen already. */
export function toggleLoaded(selection: RowSelection, loaded: readonly string[]): RowSelection {
  const most = loaded.slice(0, MOST_SELECTED);
  const whole = selection.all || most.every((id) => selection.ids.has(id));
  return whole ? NOTHING_SELECTED : { ids: new Set([...selection.ids, ...most]), all: false, anchor: null };
}
