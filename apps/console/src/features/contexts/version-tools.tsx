"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "#components/button.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { versionsFilter } from "#features/contexts/versions-filter.ts";

const VersionFilter = dynamic(() =>
  import("#features/contexts/version-filter.tsx").then((module) => module.VersionFilter),
);
const GoToDialog = dynamic(() => import("#features/contexts/go-to-dialog.tsx").then((module) => module.GoToDialog));

interface VersionToolsProps {
  readonly authors: readonly { readonly id: string; readonly name: string }[];
  /** How many match: "12 of 340". */
  readonly found: string | null;
}

/** Narrows the list of versions, and leads to the one of a number or a time. */
export function VersionTools({ authors, found }: VersionToolsProps) {
  const { view, adjust } = useContextView();
  const narrowed = versionsFilter(view) !== null;
  const [unfolded, setUnfolded] = useState(narrowed);
  const [going, setGoing] = useState(false);
  return (
    <div className="grid gap-2 border-b border-line px-3.5 py-2">
      <div className="flex items-center gap-1">
        <Button look="ghost" className="-ml-2 px-2" aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
          Filter{narrowed && ` · ${found ?? "…"}`}
        </Button>
        <span className="grow" />
        {narrowed && (
          <Button
            look="ghost"
            className="px-2"
            onClick={() => adjust({ message: undefined, author: undefined, only: undefined })}
          >
            Clear
          </Button>
        )}
        <Button look="ghost" className="-mr-2 px-2" onClick={() => setGoing(true)}>
          Go to…
        </Button>
      </div>
      {unfolded && <VersionFilter authors={authors} />}
      {going && <GoToDialog onClose={() => setGoing(false)} />}
    </div>
  );
}
