"use client";
import { Chip } from "#components/chip.tsx";
import { SearchBox } from "#components/search-box.tsx";
import { STATES, type WorkflowsFilter } from "#features/workflows/workflows-view.ts";
import { StateIcon } from "#lifecycles/state-badge.tsx";
import { WORKFLOW_STATES } from "#lifecycles/workflow-states.tsx";

interface WorkflowsToolbarProps {
  readonly filter: WorkflowsFilter;
  readonly onChange: (filter: Pick<WorkflowsFilter, "states" | "search">) => void;
}

/** Narrows the list by name and by state. */
export function WorkflowsToolbar({ filter: { states, search }, onChange }: WorkflowsToolbarProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <SearchBox
        label="Search workflows"
        placeholder="id, or how the name begins"
        value={search}
        onSearch={(text) => onChange({ states, search: text })}
      />
      <div role="group" aria-label="Show only workflows in these states" className="flex flex-wrap gap-1.5">
        {STATES.map((state) => (
          <Chip
            key={state}
            pressed={states.includes(state)}
            onPress={() =>
              onChange({
                states: states.includes(state) ? states.filter((one) => one !== state) : [...states, state],
                search,
              })
            }
          >
            <StateIcon look={WORKFLOW_STATES[state]} />
            {WORKFLOW_STATES[state].word}
          </Chip>
        ))}
      </div>
    </div>
  );
}
