import type { Fold, Shown } from "#components/diff/fold-lines.ts";
import { LineText } from "#components/json/line-text.tsx";
import { numberText } from "#components/number-text.ts";

const LOOKS = {
  same: { sign: "", word: "", look: "" },
  removed: { sign: "−", word: "removed:", look: "bg-removed text-removed-ink" },
  added: { sign: "+", word: "added:", look: "bg-added text-added-ink" },
} as const;
const FOLDED = { same: "unchanged", removed: "removed", added: "added" } as const;
/** So many lines come out of a fold at a time. */
export const OPEN_AT_ONCE = 200;

interface DiffRowProps {
  /** Null: there is nothing on this side. */
  readonly shown: Shown | null;
  readonly side: "both" | "before" | "after";
  readonly onOpen: (fold: Fold) => void;
}

/** A line of a comparison, or of one of its sides; or what stands for lines that are folded. */
export function DiffRow({ shown, side, onOpen }: DiffRowProps) {
  if (shown === null) return <div className="bg-sunken" />;
  if (shown.kind === "fold") {
    const many = shown.count > OPEN_AT_ONCE ? `, show ${OPEN_AT_ONCE}` : "";
    return (
      <button
        type="button"
        onClick={() => onOpen(shown)}
        className="block w-full bg-sunken px-3.5 py-0.5 text-left font-sans text-muted -outline-offset-2 hover:text-ink"
      >
        {numberText(shown.count)} {FOLDED[shown.of]} {shown.count === 1 ? "line" : "lines"}
        {many}
      </button>
    );
  }
  const { sign, word, look } = LOOKS[shown.kind];
  const number = `pr-2 text-right tabular-nums select-none ${shown.kind === "same" ? "text-faint" : ""}`;
  return (
    <div
      className={`grid pr-3 ${side === "both" ? "grid-cols-[52px_52px_18px_1fr]" : "grid-cols-[52px_18px_1fr]"} ${look}`}
    >
      {side !== "after" && (
        <span aria-hidden className={number}>
          {shown.before}
        </span>
      )}
      {side !== "before" && (
        <span aria-hidden className={number}>
          {shown.after}
        </span>
      )}
      <span className="text-center select-none">
        <span aria-hidden>{sign}</span>
        <span className="sr-only">{word}</span>
      </span>
      <span className="min-w-0 wrap-anywhere whitespace-pre-wrap">
        <LineText text={shown.text} />
      </span>
    </div>
  );
}
