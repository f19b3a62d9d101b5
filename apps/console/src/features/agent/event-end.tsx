import { Button } from "#components/button.tsx";
import { Loading, Problem } from "#components/notice.tsx";

interface EventEndProps {
  readonly complete: boolean;
  readonly earlier: "idle" | "loading" | "failed";
  readonly any: boolean;
  readonly onRetry: () => void;
}

/** What stands below the oldest event that is loaded. */
export function EventEnd({ complete, earlier, any, onRetry }: EventEndProps) {
  if (earlier === "failed") {
    return (
      <div className="grid justify-items-start gap-2 p-3">
        <Problem title="Older events could not be loaded">
          What is above stays. Try again once the page is live.
        </Problem>
        <Button onClick={onRetry}>Try again</Button>
      </div>
    );
  }
  if (!complete) return <Loading lines={2} label="Loading older events" />;
  return any ? (
    <p className="px-4 py-3 text-center text-faint">This is the beginning: there is nothing older.</p>
  ) : null;
}
