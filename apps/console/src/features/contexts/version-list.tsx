"use client";
import { useEffect, useRef, useState } from "react";
import type { FragmentType } from "#api/generated/fragment-masking.ts";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { Loading, Problem } from "#components/notice.tsx";
import { comparedPair, toggleChoice } from "#features/contexts/compared-pair.ts";
import { useContextView } from "#features/contexts/context-view.tsx";
import { useVersions, type VersionListFragment } from "#features/contexts/use-versions.ts";
import { VersionRow } from "#features/contexts/version-row.tsx";

interface VersionListProps {
  readonly context: FragmentType<typeof VersionListFragment>;
  readonly current: number;
  /** Of the last event after which other versions are held. */
  readonly lastHold: string | null;
}

/** Every version, the newest first. Older ones are loaded where the list ends. */
export function VersionList({ context, current, lastHold }: VersionListProps) {
  const { view, open } = useContextView();
  const { versions, complete, loading, loadMore } = useVersions(context, lastHold);
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const selected = view.compare?.to ?? view.version ?? current;
  const pair = comparedPair({ chosen, selected, newest: current });
  const shown = view.compare ? [view.compare.from, view.compare.to] : [selected];

  const frame = useRef<HTMLDivElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const more = useRef(loadMore);
  more.current = loadMore;
  const waiting = !complete && loading === "idle";
  useEffect(() => {
    if (!waiting || !end.current) return undefined;
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && more.current(), {
      root: frame.current,
      rootMargin: "300px",
    });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [waiting]);

  return (
    <Card className="flex max-h-96 flex-col overflow-hidden lg:sticky lg:top-5 lg:max-h-[calc(100dvh-40px)]">
      <div className="flex items-center gap-3 border-b border-line px-3.5 py-2">
        <h2 className="font-semibold">Versions</h2>
        <span className="grow text-muted tabular-nums">{current}</span>
        <Button
          disabled={pair === null}
          title={
            pair === null
              ? "There are no two versions to compare yet."
              : `Compare version ${pair.from} with version ${pair.to}`
          }
          onClick={() => pair && open({ compare: pair })}
        >
          Compare
        </Button>
      </div>
      <div ref={frame} tabIndex={-1} className="min-h-0 overflow-y-auto">
        <ul aria-label="Versions">
          {versions.map((version) => (
            <VersionRow
              key={version.number}
              version={version}
              current={version.number === current}
              shown={shown.includes(version.number)}
              chosen={chosen.includes(version.number)}
              onChoose={() => setChosen(toggleChoice(chosen, version.number))}
            />
          ))}
        </ul>
        <div ref={end}>
          {!complete && loading !== "failed" && <Loading lines={2} label="Loading older versions" />}
          {loading === "failed" && (
            <div className="grid justify-items-start gap-2 p-3">
              <Problem title="Older versions could not be loaded">What is above stays.</Problem>
              <Button onClick={loadMore}>Try again</Button>
            </div>
          )}
        </div>
      </div>
    </Card>
  );
}
