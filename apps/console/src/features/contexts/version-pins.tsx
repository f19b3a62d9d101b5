"use client";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { Problem } from "#components/notice.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { VersionPinsFragment } from "#features/contexts/version-pins-fragment.ts";
import { usePins } from "#features/contexts/use-pins.ts";

/** The names that a version has. */
export function VersionPins({ version }: { readonly version: FragmentType<typeof VersionPinsFragment> }) {
  const { may } = useContextView();
  const { number, pins } = readFragment(VersionPinsFragment, version);
  const { unpin } = usePins();
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <>
      <p className="flex flex-wrap items-center gap-1.5 text-muted">
        Pinned as
        {pins.map(({ name }) => (
          <span
            key={name}
            className="inline-flex max-w-full items-center gap-1 rounded-full border border-line-strong py-0.25 pr-1 pl-2.5 text-ink"
          >
            <span className="truncate">{name}</span>
            <button
              type="button"
              aria-label={`Unpin ${name}`}
              disabled={!may("context.write")}
              title={may("context.write") ? "Take this name off" : "You need the permission context.write."}
              onClick={() => void unpin(number, name).then(setProblem)}
              className="rounded-full px-1 text-faint hover:bg-sunken hover:text-ink"
            >
              ×
            </button>
          </span>
        ))}
      </p>
      {problem !== null && <Problem title={problem} />}
    </>
  );
}
