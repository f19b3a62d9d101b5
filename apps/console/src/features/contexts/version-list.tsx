"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import type { FragmentType } from "#api/generated/fragment-masking.ts";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { Empty, Loading } from "#components/notice.tsx";
import { numberText } from "#components/number-text.ts";
import { comparedPair, toggleChoice } from "#features/contexts/compared-pair.ts";
import { useContextView } from "#features/contexts/context-view.tsx";
import { useMatchingVersions } from "#features/contexts/use-matching-versions.ts";
import { useVersionKeys } from "#features/contexts/use-version-keys.ts";
import { type NewestVersionsFragment, useVersions, type VersionRowState } from "#features/contexts/use-versions.ts";
import { MissingRow, VersionRow } from "#features/contexts/version-row.tsx";
import { VersionTools } from "#features/contexts/version-tools.tsx";
import { versionsFilter } from "#features/contexts/versions-filter.ts";

const ROW_PX = 57;

interface VersionListProps {
  readonly context: FragmentType<typeof NewestVersionsFragment>;
  readonly current: number;
  /** Of the last event after which older versions look otherwise. */
  readonly lastChange: string | null;
  /** Who may have written them. */
  readonly authors: readonly { readonly id: string; readonly name: string }[];
}

/** Every version, or those that match, the newest first: as many as there are, of which the document has those in sight. */
export function VersionList({ context, current, lastChange, authors }: VersionListProps) {
  const { view, open, context: id } = useContextView();
  const query = versionsFilter(view);
  const { rows, look } = useVersions({ context, current, lastChange });
  const { matching, error, more } = useMatchingVersions(id, query, `${current} ${lastChange}`);
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const selected = view.compare?.to ?? view.version ?? current;
  const pair = comparedPair({ chosen, selected, newest: current });
  const shown = view.compare ? [view.compare.from, view.compare.to] : view.history === undefined ? [selected] : [];

  const frame = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const count = query === null ? current : (matching?.rows.length ?? 0);
  const numberOf = (row: number) => (query === null ? current - row : (matching?.rows[row]?.number ?? 0));
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: 6,
    // By number, so that rows keep their place in the document when one comes above.
    getItemKey: numberOf,
    initialRect: { width: 270, height: 700 },
  });
  const items = virtual.getVirtualItems();
  const [from, to] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  useEffect(() => {
    if (query === null) look(current - to, current - from);
    else if (matching && to >= matching.rows.length - 5) more();
  });
  const choose = (row: number) => setChosen(toggleChoice(chosen, numberOf(row)));
  const compare = () => pair && open({ compare: pair });
  useVersionKeys({
    list,
    count,
    first: query === null ? current - selected : 0,
    scrollTo: (row) => virtual.scrollToIndex(row, { align: "auto" }),
    choose,
    compare,
  });
  const rowOf = (row: number): VersionRowState | undefined =>
    query === null ? rows.get(numberOf(row)) : matching?.rows[row]?.row;

  return (
    <Card className="flex max-h-96 flex-col overflow-hidden lg:sticky lg:top-5 lg:max-h-[calc(100dvh-40px)]">
      <div className="flex items-center gap-3 border-b border-line px-3.5 py-2">
        <h2 className="font-semibold">Versions</h2>
        <span className="grow text-muted tabular-nums">{numberText(current)}</span>
        <Button
          disabled={pair === null}
          aria-keyshortcuts="v"
          title={
            pair === null
              ? "There are no two versions to compare yet."
              : `Compare version ${pair.from} with version ${pair.to} (v)`
          }
          onClick={compare}
        >
          Compare
        </Button>
      </div>
      <VersionTools
        authors={authors}
        found={
          query === null || matching === null
            ? null
            : `${matching.totalIsCapped ? "more than " : ""}${numberText(matching.total)} of ${numberText(current)}`
        }
      />
      <div ref={frame} tabIndex={-1} className="min-h-0 overflow-y-auto">
        {query !== null && matching === null && !error && <Loading lines={4} label="Loading versions" />}
        {error && (
          <p className="px-3.5 py-2.5 text-danger">{error.graphQLErrors[0]?.message ?? "Muster cannot be reached."}</p>
        )}
        {query !== null && matching?.rows.length === 0 && (
          <Empty title="No version is like that">Change what you look for, or show all of them.</Empty>
        )}
        <ul ref={list} aria-label="Versions" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const [number, version] = [numberOf(item.index), rowOf(item.index)];
            return (
              <li
                key={item.key}
                data-row={item.index}
                aria-setsize={count}
                aria-posinset={item.index + 1}
                className="absolute inset-x-0 top-0"
                style={{ height: ROW_PX, transform: `translateY(${item.start}px)` }}
              >
                {version === undefined || typeof version === "string" ? (
                  <MissingRow number={number} why={version ?? null} />
                ) : (
                  <VersionRow
                    version={version}
                    current={number === current}
                    shown={shown.includes(number)}
                    chosen={chosen.includes(number)}
                    onChoose={() => choose(item.index)}
                  />
                )}
              </li>
            );
          })}
        </ul>
      </div>
    </Card>
  );
}
