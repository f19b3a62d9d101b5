"use client";
import { Button } from "#components/button.tsx";
import { Comparison } from "#features/contexts/comparison.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { VersionSteps } from "#features/contexts/version-steps.tsx";

interface ComparisonPanelProps {
  readonly pair: { readonly from: number; readonly to: number };
  readonly newest: number;
  readonly onRollBack: (toVersion: number) => void;
}

/** Two versions compared. The arrows move both by one. */
export function ComparisonPanel({ pair: { from, to }, newest, onRollBack }: ComparisonPanelProps) {
  const { context, open } = useContextView();
  const older = Math.min(from, to);
  const shifted = (by: number) => ({ compare: { from: from + by, to: to + by } });
  return (
    <Comparison context={context} from={from} to={to}>
      <VersionSteps previous={older > 1 ? shifted(-1) : null} next={Math.max(from, to) < newest ? shifted(1) : null} />
      <Button onClick={() => open({ compare: { from: to, to: from } })}>Swap</Button>
      <Button onClick={() => open({ version: to })}>Close</Button>
      {older < newest && (
        <Button look="danger" onClick={() => onRollBack(older)}>
          Roll back to {older}
        </Button>
      )}
    </Comparison>
  );
}
