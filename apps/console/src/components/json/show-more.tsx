import { Button } from "#components/button.tsx";

/** So many lines are put into the document at a time, that pages stay quick. */
export const LINES_AT_ONCE = 1_000;

interface ShowMoreProps {
  readonly left: number;
  readonly onMore: () => void;
}

/** Ends a text of which not all is shown. */
export function ShowMore({ left, onMore }: ShowMoreProps) {
  if (left <= 0) return null;
  return (
    <div className="border-t border-line px-3.5 py-2.5">
      <Button onClick={onMore}>
        Show {Math.min(left, LINES_AT_ONCE).toLocaleString("en")} of {left.toLocaleString("en")} more lines
      </Button>
    </div>
  );
}
