import { Button } from "#components/button.tsx";
import { Loading, Problem } from "#components/notice.tsx";
import type { Reading } from "#events/log/log-state.ts";

interface EventEndProps {
  /** Which end of the log this is. */
  readonly end: "older" | "newer";
  /** Whether there is more beyond it. */
  readonly more: boolean;
  readonly reading: Reading;
  /** Whether only some of the events are listed. */
  readonly narrowed: boolean;
  readonly onRetry: () => void;
}

/** What stands where the loaded events end: more on its way, a failure, or that there is no more. */
export function EventEnd({ end, more, reading, narrowed, onRetry }: EventEndProps) {
  if (reading === "failed") {
    return (
      <div className="grid justify-items-start gap-2 p-3">
        <Problem title={`${end === "older" ? "Older" : "Newer"} events could not be loaded`}>
          What you see stays. Try again once the page is live.
        </Problem>
        <Button onClick={onRetry}>Try again</Button>
      </div>
    );
  }
  if (more) return <Loading lines={2} label={`Loading ${end} events`} />;
  return end === "older" ? (
    <p className="px-4 py-3 text-center text-faint">
      {narrowed ? "Nothing older matches." : "This is the beginning: there is nothing older."}
    </p>
  ) : null;
}
