"use client";
import type { ComparisonLook } from "#features/contexts/comparison.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import type { Mode } from "#features/contexts/version-view.ts";

/** How comparisons read, as the address says. */
export function useComparisonLook(): readonly [ComparisonLook, (look: ComparisonLook) => void] {
  const { view, adjust } = useContextView();
  return [
    { mode: (view.mode as Mode | undefined) ?? "unified", full: view.full === "1" },
    ({ mode, full }) => adjust({ mode: mode === "unified" ? undefined : mode, full: full ? "1" : undefined }),
  ];
}
