import { numberText } from "#components/number-text.ts";
import type { LogState } from "#events/log/log-state.ts";

interface NewEventsProps {
  readonly state: LogState;
  readonly ascending: boolean;
  readonly onShow: () => void;
}

/** The way to what has come while the list was paused, or is being read elsewhere. */
export function NewEvents({ state: { waiting, skipped, hasNewer }, ascending, onShow }: NewEventsProps) {
  if (waiting === 0 && (!hasNewer || ascending)) return null;
  const count = waiting === 1 ? "1 new event" : `${numberText(waiting)} new events`;
  return (
    <button
      type="button"
      onClick={onShow}
      title={
        skipped > 0
          ? `${numberText(skipped)} of them are not kept in this page: they are read again as you scroll.`
          : undefined
      }
      className="rounded-full border border-accent bg-accent px-3 py-0.75 font-[550] whitespace-nowrap text-on-accent tabular-nums"
    >
      {waiting === 0 ? "Newest" : count}
      {skipped > 0 && ` (${numberText(skipped)} skipped)`} {ascending ? "↓" : "↑"}
    </button>
  );
}
