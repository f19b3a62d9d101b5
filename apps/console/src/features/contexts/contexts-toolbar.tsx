import { SearchBox } from "#components/search-box.tsx";
import { type ContextsFilter, ROLLBACK_FILTERS, type RollbackFilter } from "#features/contexts/contexts-filter.ts";

interface ContextsToolbarProps {
  readonly filter: ContextsFilter;
  readonly onChange: (filter: ContextsFilter) => void;
}

/** Narrows the list, by name and by how the last rollback stands. Starts at its first page again. */
export function ContextsToolbar({ filter, onChange }: ContextsToolbarProps) {
  const narrow = (changed: Partial<ContextsFilter>) =>
    onChange({ ...filter, after: undefined, before: undefined, ...changed });
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <SearchBox
        label="Search contexts"
        placeholder="Part of the name"
        value={filter.search}
        onSearch={(search) => narrow({ search })}
      />
      <div role="group" aria-label="Rollback" className="flex flex-wrap gap-1.5">
        {Object.entries(ROLLBACK_FILTERS).map(([name, { word }]) => (
          <button
            key={name}
            type="button"
            aria-pressed={filter.rollback === name}
            onClick={() => narrow({ rollback: name as RollbackFilter })}
            className="rounded-full border border-line bg-surface px-2.5 py-0.5 text-muted hover:border-line-strong aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-ink"
          >
            {word}
          </button>
        ))}
      </div>
    </div>
  );
}
