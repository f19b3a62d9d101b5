"use client";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import type { TaskState } from "#api/generated/graphql.ts";
import { Button } from "#components/button.tsx";
import { Menu, MenuCheck, MenuItem, MenuSeparator } from "#components/menu.tsx";
import { numberText } from "#components/number-text.ts";
import { SearchBox } from "#components/search-box.tsx";
import { FilterChips } from "#features/tasks/filter-chips.tsx";
import { narrows, type TasksAddress } from "#features/tasks/tasks-address.ts";
import { StateIcon } from "#lifecycles/state-badge.tsx";
import { TASK_STATES } from "#lifecycles/task-states.tsx";
import type { ProjectRoute } from "#routes.ts";

/** Comes when it is asked for. */
const FilterDialog = dynamic(() => import("#features/tasks/filter-dialog.tsx").then((module) => module.FilterDialog));

interface TasksToolsProps {
  readonly project: ProjectRoute;
  readonly address: TasksAddress;
  readonly onChange: (change: Partial<TasksAddress>) => void;
  readonly names: ReadonlyMap<string, string>;
  /** How many tasks match; undefined while that is not known. */
  readonly matches: { readonly total: number; readonly totalIsCapped: boolean } | undefined;
  readonly children: ReactNode;
}

const STATES = Object.keys(TASK_STATES) as TaskState[];
export const NO_FILTER = {
  search: "",
  kind: undefined,
  queue: undefined,
  agent: undefined,
  error: undefined,
  key: undefined,
  rate: undefined,
  schedule: undefined,
  workflow: undefined,
  replayed: undefined,
  from: undefined,
  to: undefined,
} as const satisfies Partial<TasksAddress>;

/** What narrows the list. All of it stands in the address. */
export function TasksTools({ project, address, onChange, names, matches, children }: TasksToolsProps) {
  const [filtering, setFiltering] = useState(false);
  const [used, setUsed] = useState(false);
  const toggle = (state: TaskState) =>
    onChange({ state: STATES.filter((each) => (each === state) !== address.state.includes(each)) });
  return (
    <div className="flex flex-wrap items-center gap-x-2.5 gap-y-2">
      <div className="w-full sm:w-72">
        <SearchBox
          label="Search tasks"
          placeholder="kind, or id"
          value={address.search}
          onSearch={(search) => onChange({ search })}
        />
      </div>
      <Menu
        trigger={
          <Button>
            States
            {address.state.length > 0 && <span className="font-normal text-faint">{address.state.length}</span>}
          </Button>
        }
      >
        {STATES.map((state) => (
          <MenuCheck key={state} checked={address.state.includes(state)} onChange={() => toggle(state)}>
            <span className="inline-flex items-center gap-2">
              <StateIcon look={TASK_STATES[state]} />
              {TASK_STATES[state].word}
            </span>
          </MenuCheck>
        ))}
        <MenuSeparator />
        <MenuItem onSelect={() => onChange({ state: [] })}>All states</MenuItem>
      </Menu>
      <Button
        onClick={() => {
          setUsed(true);
          setFiltering(true);
        }}
      >
        Filter…
      </Button>
      <FilterChips address={address} names={names} onRemove={(name) => onChange({ [name]: undefined })} />
      {narrows(address) && (
        <>
          <span role="status" className="text-muted tabular-nums">
            {matches && matchText(matches)}
          </span>
          <Button look="ghost" onClick={() => onChange(NO_FILTER)}>
            Show all
          </Button>
        </>
      )}
      <div className="ml-auto flex flex-wrap items-center gap-1">{children}</div>
      {used && (
        <FilterDialog
          project={project}
          address={address}
          names={names}
          open={filtering}
          onClose={() => setFiltering(false)}
          onApply={(change) => {
            setFiltering(false);
            onChange(change);
          }}
        />
      )}
    </div>
  );
}

function matchText({ total, totalIsCapped }: { readonly total: number; readonly totalIsCapped: boolean }): string {
  if (total === 1) return "1 task matches";
  return `${totalIsCapped ? "more than " : ""}${numberText(total)} tasks match`;
}
