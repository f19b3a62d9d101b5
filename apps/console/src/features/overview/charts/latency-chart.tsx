"use client";
import { durationText } from "#components/time.tsx";
import { ChartCard, Swatch } from "#features/overview/charts/chart-card.tsx";
import { ChartFrame, type Plot } from "#features/overview/charts/chart-frame.tsx";
import { durationScale, type LogScale, onLog } from "#features/overview/charts/chart-scale.ts";
import { ChartTable } from "#features/overview/charts/chart-table.tsx";

export interface Quantiles {
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

export interface LatencySlice {
  /** When it begins, in ms since 1970. */
  readonly at: number;
  readonly run: Quantiles;
  readonly wait: Quantiles;
}

const RUN = "var(--color-busy)";
const WAIT = "var(--color-maintenance)";
/** p95 is drawn through, p50 is dashed. */
const LINES = [
  { name: "Run, 95 of 100", of: "run", field: "p95Ms", colour: RUN },
  { name: "Run, half", of: "run", field: "p50Ms", colour: RUN, dash: "3 3" },
  { name: "Wait, 95 of 100", of: "wait", field: "p95Ms", colour: WAIT },
  { name: "Wait, half", of: "wait", field: "p50Ms", colour: WAIT, dash: "3 3" },
] as const;
type Line = (typeof LINES)[number];

interface LatencyChartProps {
  readonly slices: readonly LatencySlice[];
  readonly run: Quantiles;
  readonly wait: Quantiles;
  readonly bucketMs: number;
  /** "1 hour". */
  readonly range: string;
}

/** How long tasks waited and ran, of those that ended in each slice of time. The axis is logarithmic. */
export function LatencyChart({ slices, run, wait, bucketMs, range }: LatencyChartProps) {
  const valueOf = (slice: LatencySlice | undefined, { of, field }: Line) => slice?.[of][field] ?? null;
  const scale = durationScale(slices.flatMap((slice) => LINES.flatMap((line) => valueOf(slice, line) ?? [])));
  const tell = (place: number) => {
    const told = LINES.map((line) => ({ ...line, value: valueOf(slices[place], line) }));
    return {
      text: told.every(({ value }) => value === null)
        ? "nothing ended"
        : told.map(({ name, value }) => `${name.toLowerCase()}: ${textOf(value)}`).join("; "),
      lines: told.map(({ name, colour, value, ...line }) => (
        <span key={name} className="flex items-center justify-between gap-4">
          <Swatch line colour={colour} {...line}>
            {name}
          </Swatch>
          <b className="font-semibold tabular-nums">{textOf(value)}</b>
        </span>
      )),
    };
  };
  return (
    <ChartCard
      title="Latency"
      figures={
        <>
          <Figures name="Wait" quantiles={wait} />
          <Figures name="Run" quantiles={run} />
        </>
      }
      legend={LINES.map(({ name, colour, ...line }) => (
        <Swatch key={name} line colour={colour} {...line}>
          {name}
        </Swatch>
      ))}
      table={
        <ChartTable
          label={`How long tasks waited and ran in the last ${range}`}
          columns={LINES.map(({ name }) => name)}
          rows={slices.map((slice) => ({ at: slice.at, cells: LINES.map((line) => textOf(valueOf(slice, line))) }))}
          bucketMs={bucketMs}
        />
      }
    >
      <ChartFrame
        label={`How long tasks waited and ran in the last ${range}`}
        from={slices[0]?.at ?? 0}
        bucketMs={bucketMs}
        count={slices.length}
        ticks={scale.ticks.map((tick) => ({ at: onLog(scale, tick), text: durationText(tick) }))}
        draw={(plot) =>
          LINES.map((line) => {
            const values = slices.map((slice) => valueOf(slice, line));
            return (
              <g key={line.name} fill="none" stroke={line.colour} strokeLinejoin="round" strokeLinecap="round">
                <path
                  d={lineOf(values, scale, plot)}
                  strokeWidth={1.75}
                  {...("dash" in line && { strokeDasharray: line.dash })}
                />
                <path d={pointsOf(values, scale, plot)} strokeWidth={4.5} opacity={"dash" in line ? 0.6 : 1} />
              </g>
            );
          })
        }
        tell={tell}
      />
    </ChartCard>
  );
}

function Figures({ name, quantiles }: { readonly name: string; readonly quantiles: Quantiles }) {
  const { p50Ms, p95Ms, p99Ms } = quantiles;
  return (
    <span title={`Half, 95 and 99 of 100 took no longer: ${textOf(p50Ms)}, ${textOf(p95Ms)}, ${textOf(p99Ms)}`}>
      {name} <b className="font-semibold text-ink">{textOf(p50Ms)}</b> · p95{" "}
      <b className="font-semibold text-ink">{textOf(p95Ms)}</b>
    </span>
  );
}

type Values = readonly (number | null)[];

/** A line through the middles of the slices, with a gap where there is no value. */
function lineOf(values: Values, scale: LogScale, plot: Plot): string {
  return values
    .map((value, place) => {
      if (value === null) return "";
      const goesOn = place > 0 && values[place - 1] !== null;
      return `${goesOn ? "L" : "M"}${placeOf(value, place, scale, plot)}`;
    })
    .join("");
}

/** Values without a neighbour, which no line goes through. */
function pointsOf(values: Values, scale: LogScale, plot: Plot): string {
  return values
    .map((value, place) => {
      const alone = value !== null && (values[place - 1] ?? null) === null && (values[place + 1] ?? null) === null;
      return alone ? `M${placeOf(value, place, scale, plot)}h0.01` : "";
    })
    .join("");
}

function placeOf(value: number, place: number, scale: LogScale, { step, height }: Plot): string {
  return `${((place + 0.5) * step).toFixed(1)} ${((1 - onLog(scale, value)) * height).toFixed(1)}`;
}

function textOf(ms: number | null): string {
  if (ms === null) return "–";
  return ms >= 1_000 && ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : durationText(ms);
}
