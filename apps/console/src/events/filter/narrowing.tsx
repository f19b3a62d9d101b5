"use client";
import { shortId } from "#components/copyable-id.tsx";
import { clockText, exactText } from "#components/time.tsx";
import { isNarrowed, UNNARROWED } from "#events/filter/events-view.ts";
import type { EventsViewControl } from "#events/filter/use-events-view.ts";

/** What else narrows the list, each with the way to take it back, and the way to take back all. */
export function Narrowing({ control: { view, change } }: { readonly control: EventsViewControl }) {
  if (!isNarrowed(view)) return null;
  const { subject, correlation, from, to } = view;
  return (
    <>
      {subject !== undefined && (
        <Token text={`About ${shortId(subject)}`} title={subject} onClear={() => change({ subject: undefined })} />
      )}
      {correlation !== undefined && (
        <Token
          text={`Request ${shortId(correlation)}`}
          title={correlation}
          // It was looked for around its time only.
          onClear={() => change({ correlation: undefined, from: undefined, to: undefined })}
        />
      )}
      {correlation === undefined && (from !== undefined || to !== undefined) && (
        <Token
          text={rangeText(from, to)}
          title={[from, to].map((time) => (time === undefined ? "now" : exactText(time))).join(" to ")}
          onClear={() => change({ from: undefined, to: undefined })}
        />
      )}
      <button
        type="button"
        onClick={() => change(UNNARROWED as Record<string, undefined>)}
        className="text-accent hover:underline"
      >
        Clear filters
      </button>
    </>
  );
}

interface TokenProps {
  readonly text: string;
  readonly title: string;
  readonly onClear: () => void;
}

function Token({ text, title, onClear }: TokenProps) {
  return (
    <span
      title={title}
      className="inline-flex items-center gap-1 rounded-full border border-accent bg-accent-soft py-0.75 pr-1 pl-2.5 whitespace-nowrap tabular-nums"
    >
      {text}
      <button
        type="button"
        aria-label={`Take back: ${text}`}
        onClick={onClear}
        className="grid size-5 place-items-center rounded-full text-muted hover:bg-surface hover:text-ink"
      >
        <span aria-hidden>✕</span>
      </button>
    </span>
  );
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** "14:02:04 to 14:10:00", with days where it is not all of one. */
function rangeText(from: string | undefined, to: string | undefined): string {
  const oneDay = [from, to].every(
    (time) => time === undefined || new Date(time).toDateString() === new Date().toDateString(),
  );
  const text = (time: string) =>
    oneDay ? clockText(time, false) : `${DAY.format(new Date(time))} ${clockText(time, false)}`;
  if (from === undefined) return `Until ${text(to ?? "")}`;
  return to === undefined ? `Since ${text(from)}` : `${text(from)} to ${text(to)}`;
}
