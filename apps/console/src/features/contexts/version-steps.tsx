import { buttonClass } from "#components/button.tsx";
import { ViewLink } from "#features/contexts/context-view.tsx";
import type { ContextView } from "#routes.ts";

interface VersionStepsProps {
  /** What to show then; null where there is nothing further. */
  readonly previous: ContextView | null;
  readonly next: ContextView | null;
}

/** To the version before, or the one after. */
export function VersionSteps({ previous, next }: VersionStepsProps) {
  return (
    <span className="inline-flex gap-1">
      <Step label="Previous version" sign="←" to={previous} />
      <Step label="Next version" sign="→" to={next} />
    </span>
  );
}

function Step({ label, sign, to }: { readonly label: string; readonly sign: string; readonly to: ContextView | null }) {
  const look = `${buttonClass()} px-2`;
  if (to === null) {
    return (
      <span aria-hidden className={`${look} opacity-50`}>
        {sign}
      </span>
    );
  }
  return (
    <ViewLink to={to} aria-label={label} title={label} className={look}>
      {sign}
    </ViewLink>
  );
}
