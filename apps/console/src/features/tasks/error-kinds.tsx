"use client";
import { useMemo } from "react";
import { readFragment } from "#api/generated/fragment-masking.ts";
import { Chip } from "#components/chip.tsx";
import { numberText } from "#components/number-text.ts";
import { type TaskRow, TaskRowFragment } from "#features/tasks/task-row-fragment.ts";

interface ErrorKindsProps {
  readonly rows: readonly TaskRow[];
  /** Whether there are more than these. */
  readonly partial: boolean;
  /** The kind that the list is narrowed to. */
  readonly chosen: string | undefined;
  readonly onChoose: (kind: string | undefined) => void;
  readonly replayed: string | undefined;
  readonly onReplayed: (replayed: string | undefined) => void;
}

const MOST = 8;

/** Of tasks that have failed: what they failed of, the most frequent first, to look at one cause at a time. */
export function ErrorKinds({ rows, partial, chosen, onChoose, replayed, onReplayed }: ErrorKindsProps) {
  const kinds = useMemo(() => {
    const counts = new Map<string, number>();
    for (const row of rows) {
      const kind = readFragment(TaskRowFragment, row).error?.kind;
      if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    return [...counts].sort(([, one], [, other]) => other - one).slice(0, MOST);
  }, [rows]);
  return (
    <div role="group" aria-label="Why they failed" className="flex flex-wrap items-center gap-1.5">
      <Chip pressed={replayed === "no"} onPress={() => onReplayed(replayed === "no" ? undefined : "no")}>
        Not run again yet
      </Chip>
      {kinds.length > 0 && (
        <span className="ml-2 text-sm text-faint">
          {partial ? `Of the last ${numberText(rows.length)}:` : "By error:"}
        </span>
      )}
      {kinds.map(([kind, count]) => (
        <Chip key={kind} pressed={chosen === kind} onPress={() => onChoose(chosen === kind ? undefined : kind)}>
          <span className="font-mono text-xs">{kind}</span>
          <b className="font-semibold text-ink tabular-nums">{numberText(count)}</b>
        </Chip>
      ))}
    </div>
  );
}
