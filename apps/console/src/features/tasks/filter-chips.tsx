"use client";
import { exactText } from "#components/time.tsx";
import { NARROWING, type Narrowing, type TasksAddress } from "#features/tasks/tasks-address.ts";

interface FilterChipsProps {
  readonly address: TasksAddress;
  /** Names of what stands in the address by its id. */
  readonly names: ReadonlyMap<string, string>;
  readonly onRemove: (name: Narrowing) => void;
}

const WORDS: Readonly<Record<Narrowing, string>> = {
  kind: "Kind",
  queue: "Queue",
  agent: "Agent",
  error: "Error",
  key: "Key",
  rate: "Rate limit",
  schedule: "Schedule",
  workflow: "Workflow",
  replayed: "Run again",
  from: "Created since",
  to: "Created before",
};

/** What narrows the list, each to be taken away. */
export function FilterChips({ address, names, onRemove }: FilterChipsProps) {
  const given = NARROWING.flatMap((name) => {
    const value = address[name];
    return value === undefined ? [] : [{ name, value }];
  });
  return given.map(({ name, value }) => (
    <span
      key={name}
      className="inline-flex max-w-72 items-center gap-1.5 rounded-full border border-accent bg-accent-soft py-0.75 pr-1 pl-2.5"
    >
      <span className="text-muted">{WORDS[name]}</span>
      <span className="truncate font-[550]" title={value}>
        {names.get(value) ?? valueText(name, value)}
      </span>
      <button
        type="button"
        aria-label={`Remove the filter ${WORDS[name].toLowerCase()}`}
        onClick={() => onRemove(name)}
        className="rounded-full px-1.5 leading-[18px] text-muted hover:bg-surface hover:text-ink"
      >
        ×
      </button>
    </span>
  ));
}

function valueText(name: Narrowing, value: string): string {
  if (name !== "from" && name !== "to") return value;
  if (/^\d+[mhd]$/.test(value)) return `${value.slice(0, -1)} ${value.slice(-1)} ago`;
  return Number.isNaN(Date.parse(value)) ? value : (exactText(value).split(" (")[0] ?? value);
}
