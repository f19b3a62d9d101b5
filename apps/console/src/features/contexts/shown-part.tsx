"use client";
import dynamic from "next/dynamic";
import { useContextView } from "#features/contexts/context-view.tsx";
import { pointerIn } from "#features/contexts/version-view.ts";
import { VersionPanel } from "#features/contexts/version-panel.tsx";

/** What is not shown at first is loaded when it is asked for. */
const ComparisonPanel = dynamic(() =>
  import("#features/contexts/comparison-panel.tsx").then((module) => module.ComparisonPanel),
);
const OtherComparisonPanel = dynamic(() =>
  import("#features/contexts/comparison-panel.tsx").then((module) => module.OtherComparisonPanel),
);
const PathHistory = dynamic(() => import("#features/contexts/path-history.tsx").then((module) => module.PathHistory));

/** As high as the window leaves room below what stands above: lines scroll in their frame, and their heading stays. */
const HEIGHTS = {
  version: "max-h-[max(320px,calc(100dvh-400px))]",
  comparison: "max-h-[max(320px,calc(100dvh-250px))]",
} as const;

interface ShownPartProps {
  /** The context's name. */
  readonly name: string;
  readonly current: number;
  readonly onRollBack: (toVersion: number) => void;
}

/** What the address asks for: a version, a comparison, or who changed a path. */
export function ShownPart({ name, current, onRollBack }: ShownPartProps) {
  const { view } = useContextView();
  if (view.compare) {
    return (
      <ComparisonPanel pair={view.compare} newest={current} onRollBack={onRollBack} className={HEIGHTS.comparison} />
    );
  }
  if (view.history !== undefined) return <PathHistory pointer={pointerIn(view.history)} newest={current} />;
  const number = view.version ?? current;
  if (view.with !== undefined) {
    return <OtherComparisonPanel other={view.with} version={number} className={HEIGHTS.comparison} />;
  }
  return (
    <VersionPanel number={number} newest={current} name={name} onRollBack={onRollBack} className={HEIGHTS.version} />
  );
}
