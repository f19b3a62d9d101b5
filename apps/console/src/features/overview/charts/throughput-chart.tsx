"use client";
import { numberText } from "#components/number-text.ts";
import { ChartCard, Swatch } from "#features/overview/charts/chart-card.tsx";
import { ChartFrame, type Plot } from "#features/overview/charts/chart-frame.tsx";
import { countScale } from "#features/overview/charts/chart-scale.ts";
import { ChartTable } from "#features/overview/charts/chart-table.tsx";
import { type Slice, sumOf, totalsOf } from "#features/overview/charts/flow-slices.ts";

/** From the bottom up, in the colours of the states. */
const PARTS = [
  ["succeeded", "Succeeded", "var(--color-online)"],
  ["failed", "Failed", "var(--color-error)"],
  ["expired", "Expired", "var(--color-maintenance)"],
  ["cancelled", "Cancelled", "var(--color-offline)"],
] as const;

interface ThroughputChartProps {
  readonly slices: readonly Slice[];
  readonly bucketMs: number;
  /** "1 hour". */
  readonly range: string;
}

/** How many tasks ended in each slice of time, as what. */
export function ThroughputChart({ slices, bucketMs, range }: ThroughputChartProps) {
  const totals = totalsOf(slices);
  const all = sumOf(totals);
  const { top, ticks } = countScale(Math.max(0, ...slices.map(sumOf)));
  const shown = PARTS.filter(([field]) => field === "succeeded" || field === "failed" || totals[field] > 0);
  const tell = (place: number) => {
    const slice = slices[place];
    const told = shown.map(([field, word, colour]) => ({ word, colour, count: slice?.[field] ?? 0 }));
    return {
      text: told.map(({ word, count }) => `${numberText(count)} ${word.toLowerCase()}`).join(", "),
      lines: told.map(({ word, colour, count }) => (
        <span key={word} className="flex items-center justify-between gap-4">
          <Swatch colour={colour}>{word}</Swatch>
          <b className="font-semibold tabular-nums">{numberText(count)}</b>
        </span>
      )),
    };
  };
  return (
    <ChartCard
      title="Throughput"
      figures={
        <>
          <span>
            <b className="font-semibold text-ink">{numberText(all)}</b> tasks ended
          </span>
          <span className={totals.failed > 0 ? "text-danger" : ""}>
            <b className="font-semibold">{numberText(totals.failed)}</b> failed
            {totals.failed > 0 && ` (${shareText(totals.failed / all)})`}
          </span>
        </>
      }
      legend={shown.map(([field, word, colour]) => (
        <Swatch key={field} colour={colour}>
          {word}
        </Swatch>
      ))}
      table={
        <ChartTable
          label={`Tasks that ended in the last ${range}`}
          columns={shown.map(([, word]) => word)}
          rows={slices.map((slice) => ({ at: slice.at, cells: shown.map(([field]) => numberText(slice[field])) }))}
          bucketMs={bucketMs}
        />
      }
    >
      <ChartFrame
        label={`Tasks that ended in the last ${range}`}
        from={slices[0]?.at ?? 0}
        bucketMs={bucketMs}
        count={slices.length}
        ticks={ticks.map((tick) => ({ at: tick / top, text: numberText(tick) }))}
        draw={(plot) => bars(slices, top, plot)}
        tell={tell}
      />
    </ChartCard>
  );
}

/** The least height of a bar that is not nothing: one failure among thousands is still seen. */
const LEAST = 2;

function bars(slices: readonly Slice[], top: number, plot: Plot) {
  const gap = plot.step > 6 ? 1.5 : plot.step > 3 ? 0.75 : 0;
  return slices.map((slice, place) => {
    let bottom = plot.height;
    return PARTS.map(([field, , colour]) => {
      const count = slice[field];
      if (count === 0) return null;
      const height = Math.max(LEAST, (count / top) * plot.height);
      bottom -= height;
      return (
        <rect
          key={`${place} ${field}`}
          x={place * plot.step + gap / 2}
          y={Math.max(0, bottom)}
          width={Math.max(0.5, plot.step - gap)}
          height={height}
          fill={colour}
        />
      );
    });
  });
}

function shareText(share: number): string {
  return share < 0.001 ? "< 0.1 %" : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}
