"use client";
import { Button } from "#components/button.tsx";
import { Comparison } from "#features/contexts/comparison.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { VerifyButton } from "#features/contexts/verify-button.tsx";
import { VersionSteps } from "#features/contexts/version-steps.tsx";
import { useComparisonLook } from "#features/contexts/use-comparison-look.ts";

interface ComparisonPanelProps {
  readonly pair: { readonly from: number; readonly to: number };
  readonly newest: number;
  readonly onRollBack: (toVersion: number) => void;
  readonly className: string;
}

/** Two versions compared. The arrows move both by one. */
export function ComparisonPanel({ pair: { from, to }, newest, onRollBack, className }: ComparisonPanelProps) {
  const { context, open, may } = useContextView();
  const [look, setLook] = useComparisonLook();
  const older = Math.min(from, to);
  const shifted = (by: number) => ({ compare: { from: from + by, to: to + by } });
  return (
    <Comparison
      from={`${context}@${from}`}
      to={`${context}@${to}`}
      look={look}
      onLook={setLook}
      className={className}
      verify={<VerifyButton />}
    >
      <VersionSteps previous={older > 1 ? shifted(-1) : null} next={Math.max(from, to) < newest ? shifted(1) : null} />
      <Button
        className="px-2"
        aria-label="Swap"
        title="Swap: compare the other way round"
        onClick={() => open({ compare: { from: to, to: from } })}
      >
        ⇄
      </Button>
      <Button className="px-2" aria-label="Close" title="Close the comparison" onClick={() => open({ version: to })}>
        ×
      </Button>
      {older < newest && may("context.rollBack") && (
        <Button look="danger" onClick={() => onRollBack(older)}>
          Roll back to {older}
        </Button>
      )}
    </Comparison>
  );
}

interface OtherComparisonPanelProps {
  /** The other context's version, by its id. */
  readonly other: string;
  readonly version: number;
  readonly className: string;
}

/** A version compared with another context's, such as the one that it was forked from. */
export function OtherComparisonPanel({ other, version, className }: OtherComparisonPanelProps) {
  const { context, open } = useContextView();
  const [look, setLook] = useComparisonLook();
  return (
    <Comparison
      from={other}
      to={`${context}@${version}`}
      look={look}
      onLook={setLook}
      className={className}
      verify={<VerifyButton />}
    >
      <Button onClick={() => open({ version })}>Close</Button>
    </Comparison>
  );
}
