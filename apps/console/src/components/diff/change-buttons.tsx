import { Button } from "#components/button.tsx";
import type { ChangeSteps } from "#components/diff/use-change-steps.ts";
import { numberText } from "#components/number-text.ts";

/** To the change before, or the next one. */
export function ChangeButtons({ steps: { count, current, step } }: { readonly steps: ChangeSteps }) {
  return (
    <span className="inline-flex items-center gap-1">
      <Button
        look="ghost"
        className="px-2"
        aria-label="Previous change"
        title="Previous change (p)"
        onClick={() => step(-1)}
      >
        ↑
      </Button>
      <span role="status" className="text-muted tabular-nums">
        {current === null ? "" : `${numberText(current + 1)} of `}
        {numberText(count)} {count === 1 ? "change" : "changes"}
      </span>
      <Button look="ghost" className="px-2" aria-label="Next change" title="Next change (n)" onClick={() => step(1)}>
        ↓
      </Button>
    </span>
  );
}
