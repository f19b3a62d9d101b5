"use client";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";
import { Card } from "#components/card.tsx";
import { useLinkKeys } from "#components/use-link-keys.ts";
import { useOffsetTop } from "#components/use-offset-top.ts";
import type { StepEdge } from "#features/workflows/graph/graph-edges.tsx";
import { layersOf } from "#features/workflows/graph/group-steps.ts";
import type { LiveStep } from "#features/workflows/live-steps.ts";
import { CONDITION_WORDS } from "#features/workflows/policy-words.ts";
import { StepTime } from "#features/workflows/step-time.tsx";
import { TaskStateBadge } from "#lifecycles/state-badge.tsx";

interface StepListProps {
  readonly steps: readonly LiveStep[];
  readonly edges: readonly StepEdge[];
  readonly open: string | undefined;
  readonly onOpen: (step: string) => void;
}

const ROW = 53;

/** The steps as lines, those first that nothing has to come before: for readers, and where a graph has no room. */
export function StepList({ steps, edges, open, onOpen }: StepListProps) {
  const list = useRef<HTMLUListElement>(null);
  const scrollMargin = useOffsetTop(list);
  useLinkKeys(list);
  const shape = steps.length;
  const { order, before } = useMemo(() => {
    const layers = layersOf(steps, edges);
    return {
      order: steps
        .map((_, index) => index)
        .toSorted((a, b) => layers.get(steps[a]!.step)! - layers.get(steps[b]!.step)!),
      before: Map.groupBy(edges, ({ to }) => to),
    };
    // The shape of a workflow never changes, only the states of its steps.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [shape, edges]);
  const rows = useWindowVirtualizer({ count: order.length, estimateSize: () => ROW, overscan: 8, scrollMargin });
  return (
    <Card className="overflow-hidden">
      <ul ref={list} aria-label="Steps" className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const step = steps[order[index]!]!;
          const waitsFor = before.get(step.step) ?? [];
          return (
            <li
              key={step.step}
              aria-setsize={order.length}
              aria-posinset={index + 1}
              className="absolute inset-x-0 top-0 border-b border-line"
              style={{ transform: `translateY(${start - scrollMargin}px)`, height: ROW }}
            >
              <button
                type="button"
                data-row-link
                aria-pressed={step.step === open}
                onClick={() => onOpen(step.step)}
                className={`grid h-full w-full grid-cols-[104px_1fr_auto] items-center gap-x-3 px-4 text-left -outline-offset-2 ${step.step === open ? "bg-accent-soft" : "hover:bg-sunken"}`}
              >
                <TaskStateBadge state={step.state} />
                <span className="min-w-0">
                  <span className="block truncate">
                    <span className="font-[550]">{step.step}</span> <span className="text-faint">{step.kind}</span>
                  </span>
                  <span className="block truncate text-sm text-faint">{waitText(waitsFor)}</span>
                </span>
                <span className="text-muted">
                  <StepTime step={step} />
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function waitText(waitsFor: readonly StepEdge[]): string {
  const [first] = waitsFor;
  if (!first) return "waits for nothing";
  const names = waitsFor.slice(0, 3).map(({ from }) => from);
  const more = waitsFor.length - names.length;
  const when = waitsFor.length > 1 || first.condition === "ALL_ENDED" ? `, ${CONDITION_WORDS[first.condition]}` : "";
  return `after ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}${when}`;
}
