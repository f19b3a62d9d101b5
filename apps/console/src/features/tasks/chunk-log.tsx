"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { Choice } from "#components/choice.tsx";
import { CopyButton } from "#components/copy-button.tsx";
import { Loading } from "#components/notice.tsx";
import { numberText } from "#components/number-text.ts";
import { Ago, Clock } from "#components/time.tsx";
import { pieceLines, textLines } from "#features/tasks/chunk-text.ts";
import { useChunks } from "#features/tasks/use-chunks.ts";

interface ChunkLogProps {
  readonly task: string;
  /** How many there are. */
  readonly count: number;
  readonly ended: boolean;
  /** When they were removed. */
  readonly expiredAt: string | null;
}

const ROW = 20;
/** So near to its end one counts as being there. */
const NEAR = 24;

/** What the task's attempts have streamed, and as it comes: follows the end until somebody scrolls back. */
export function ChunkLog({ task, count, ended, expiredAt }: ChunkLogProps) {
  return (
    <Card className="min-w-0">
      <section aria-label="Streamed output">
        {expiredAt === null ? (
          <Log task={task} count={count} ended={ended} />
        ) : (
          <div className="px-4 py-3">
            <h2 className="font-[550]">Streamed output</h2>
            <p className="text-muted">
              Its {numberText(count)} chunks were removed <Ago at={expiredAt} />, as their time was up.
            </p>
          </div>
        )}
      </section>
    </Card>
  );
}

function Log({ task, count, ended }: Omit<ChunkLogProps, "expiredAt">) {
  const { chunks, hasEarlier, loading, loadEarlier } = useChunks(task);
  const [as, setAs] = useState<"text" | "chunks">("text");
  const lines = useMemo(() => (as === "text" ? textLines(chunks) : pieceLines(chunks)), [chunks, as]);
  const box = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  /** How many there were when one stopped following. */
  const [left, setLeft] = useState(0);
  // oxlint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    getItemKey: (place) => lines[place]?.key ?? place,
    overscan: 8,
  });
  const last = lines.length - 1;
  useEffect(() => {
    if (following && last >= 0) rows.scrollToIndex(last, { align: "end" });
  }, [following, last, lines, rows]);
  const items = rows.getVirtualItems();
  // What one reads stays in its place when earlier chunks come before it.
  const top = useRef<{ readonly first: string | undefined; readonly seen: string | undefined }>({
    first: undefined,
    seen: undefined,
  });
  const firstKey = lines[0]?.key;
  useLayoutEffect(() => {
    const { first: before, seen } = top.current;
    if (following || before === undefined || before === firstKey || seen === undefined) return;
    const place = lines.findIndex(({ key }) => key === seen);
    if (place > 0) rows.scrollToIndex(place, { align: "start" });
  }, [firstKey, following, lines, rows]);
  useEffect(() => {
    const place = rows.getVirtualItems().find(({ end }) => end > (rows.scrollOffset ?? 0))?.index ?? 0;
    top.current = { first: firstKey, seen: lines[place]?.key };
  });
  const first = items[0]?.index;
  useEffect(() => {
    if (first === 0 && hasEarlier && !following) loadEarlier();
  }, [first, hasEarlier, following, loadEarlier]);

  const follow = (next: boolean) => {
    setFollowing(next);
    if (!next) setLeft(chunks.at(-1)?.number ?? 0);
  };
  const come = (chunks.at(-1)?.number ?? 0) - left;
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2">
        <h2 className="font-[550]">Streamed output</h2>
        <span className="text-sm text-faint tabular-nums">
          {numberText(Math.max(count, chunks.at(-1)?.number ?? 0))} chunks
        </span>
        <span className="grow" />
        {hasEarlier && <Button onClick={loadEarlier}>Load earlier</Button>}
        <Choice label="Streamed output as" options={{ text: "Text", chunks: "Chunks" }} value={as} onChange={setAs} />
        <CopyButton text={() => lines.map(({ text }) => text).join("\n")} />
        {!ended && (
          <Button aria-pressed={following} onClick={() => follow(!following)}>
            {following ? "Stop following" : come > 0 ? `Follow, ${numberText(come)} new ↓` : "Follow"}
          </Button>
        )}
      </div>
      {loading ? (
        <Loading lines={3} label="Loading what was streamed" />
      ) : (
        <div
          ref={box}
          role="region"
          tabIndex={0}
          aria-label="What was streamed"
          onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
            const atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
            if (atEnd !== following && (atEnd || !rows.isScrolling || rows.scrollDirection === "backward"))
              follow(atEnd);
          }}
          className="max-h-90 overflow-y-auto border-t border-line bg-sunken/40 -outline-offset-2 [overflow-anchor:none]"
        >
          <div className="relative my-2 font-mono text-sm leading-5" style={{ height: rows.getTotalSize() }}>
            {items.map(({ index, key, start }) => {
              const line = lines[index];
              if (!line) return null;
              const begins = lines[index - 1]?.chunk.attempt !== line.chunk.attempt;
              return (
                <div
                  key={key}
                  ref={rows.measureElement}
                  data-index={index}
                  className={`absolute inset-x-0 top-0 grid px-4 ${as === "chunks" ? "grid-cols-[44px_92px_1fr]" : ""}`}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  {begins && line.chunk.attempt > 1 && (
                    <span className="col-span-full font-sans text-faint">Attempt {line.chunk.attempt}</span>
                  )}
                  {as === "chunks" && (
                    <>
                      <span className="text-faint tabular-nums">{line.chunk.number}</span>
                      <span className="text-faint">
                        <Clock at={line.chunk.at.toISOString()} />
                      </span>
                    </>
                  )}
                  <span className="min-w-0 wrap-anywhere whitespace-pre-wrap">{line.text || " "}</span>
                </div>
              );
            })}
          </div>
        </div>
      )}
    </>
  );
}
