"use client";
import type { SavedViewFragment as SavedView } from "#api/generated/graphql.ts";
import { MenuItem, MenuSeparator } from "#components/menu.tsx";

interface ViewItemsProps {
  /** Undefined while they are on their way. */
  readonly views: readonly SavedView[] | undefined;
  readonly applied: SavedView | undefined;
  /** The one that was applied before the screen was changed. */
  readonly changed: SavedView | undefined;
  readonly mayManage: boolean;
  /** Null: the screen as it begins. */
  readonly onApply: (view: SavedView | null) => void;
  /** Null when there is nothing to save. */
  readonly onSave: (() => void) | null;
  readonly onRename: (view: SavedView) => void;
  readonly onOverwrite: (view: SavedView) => void;
  readonly onDelete: (view: SavedView) => void;
}

/** What the menu of saved views offers now. */
export function ViewItems(props: ViewItemsProps) {
  const { views, applied, changed, mayManage, onApply, onSave, onRename, onOverwrite, onDelete } = props;
  const chosen = applied ?? changed;
  return (
    <div className="max-h-[60vh] max-w-72 overflow-y-auto">
      {views === undefined && <p className="px-2.5 py-1.5 text-faint">Loading…</p>}
      {views?.length === 0 && (
        <p className="px-2.5 py-1.5 text-faint">
          No view is saved yet. {onSave ? "Save what you see to come back to it." : "Filter, then save what you see."}
        </p>
      )}
      {views?.map((view) => (
        <MenuItem key={view.id} onSelect={() => onApply(view)}>
          <span className="min-w-0 grow truncate" title={view.name}>
            {view.name}
          </span>
          {view.id === applied?.id && <span aria-label="this one">✓</span>}
        </MenuItem>
      ))}
      {chosen && <MenuItem onSelect={() => onApply(null)}>Show everything</MenuItem>}
      {mayManage && (onSave !== null || chosen) && <MenuSeparator />}
      {mayManage && onSave !== null && <MenuItem onSelect={onSave}>Save this view…</MenuItem>}
      {mayManage && changed && <MenuItem onSelect={() => onOverwrite(changed)}>Overwrite {changed.name}</MenuItem>}
      {mayManage && chosen && <MenuItem onSelect={() => onRename(chosen)}>Rename {chosen.name}…</MenuItem>}
      {mayManage && chosen && (
        <MenuItem danger onSelect={() => onDelete(chosen)}>
          Delete {chosen.name}
        </MenuItem>
      )}
    </div>
  );
}
