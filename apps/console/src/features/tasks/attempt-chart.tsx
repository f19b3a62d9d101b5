"use client";
import { useMemo, useState } from "react";
import { Card } from "#components/card.tsx";
import { Chip } from "#components/chip.tsx";
import { clockText, durationText, exactText } from "#components/time.tsx";
import { spentText } from "#events/spent-text.ts";
import { AttemptRow } from "#features/tasks/attempt-row.tsx";
import { type Attempt, AT_WORK } from "#features/tasks/attempts.ts";
import { isMostlyWaiting, timeScale } from "#features/tasks/time-scale.ts";
import { useNow } from "#live/now.ts";
import type { ProjectRoute } from "#routes.ts";

interface AttemptChartProps {
  readonly project: ProjectRoute;
  readonly attempts: readonly Attempt[];
  /** The first attempts are not known any more, or too many to show. */
  readonly incomplete: boolean;
  /** Null: the task goes on. */
  readonly finishedAt: string | null;
  /** The attempt that the address opens. */
  readonly opened: string | undefined;
  readonly onOpen: (attempt: string | undefined) => void;
  readonly eventHref: (event: string) => string;
}

/** So many are shown at first, the last ones. */
const SHOWN = 20;

/** Every attempt as a bar in time: how long it waited, was offered, ran; by whom, and how that ended. */
export function AttemptChart(props: AttemptChartProps) {
  const { project, attempts, incomplete, finishedAt, opened, onOpen, eventHref } = props;
  const present = useNow();
  const [all, setAll] = useState(false);
  const shown = all ? attempts : attempts.slice(-SHOWN);
  const first = shown[0]?.phases[0]?.from ?? present;
  const latest = shown.at(-1)?.phases.at(-1)?.from ?? first;
  const now = finishedAt === null ? Math.max(present, latest) : Date.parse(finishedAt);
  const whole = { from: first, to: Math.max(now, first + 1) };
  const work = shown
    .flatMap(({ phases }) => phases)
    .filter(({ kind }) => AT_WORK.has(kind))
    .map(({ from, to }) => ({ from, to: Math.min(to ?? now, now) }));
  const waits = isMostlyWaiting(whole, work);
  const [chosen, setChosen] = useState<boolean | null>(null);
  const shorten = waits && (chosen ?? true);
  const key = `${whole.from} ${whole.to} ${work.length} ${shorten}`;
  // Each second anew while the task goes on, and not with every other change.
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  const scale = useMemo(() => timeScale(whole, work, shorten), [key]);
  return (
    <Card className="min-w-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
        <h2 className="font-[550]">Attempts</h2>
        <span className="text-muted">{summary(attempts)}</span>
        <span className="grow" />
        {waits && (
          <Chip pressed={shorten} onPress={() => setChosen(!shorten)}>
            Shorten waits
          </Chip>
        )}
      </div>
      {(incomplete || shown.length < attempts.length) && (
        <p className="border-t border-line px-4 py-2 text-muted">
          {shown.length < attempts.length ? (
            <button type="button" onClick={() => setAll(true)} className="text-accent">
              Show all {attempts.length} attempts
            </button>
          ) : (
            "What came before is not known any more, or further back than is shown here."
          )}
        </p>
      )}
      <ul aria-label="Attempts" className="border-t border-line">
        {shown.map((attempt, place) => {
          const name = String(attempt.number ?? "next");
          return (
            <AttemptRow
              key={`${name} ${place}`}
              project={project}
              attempt={attempt}
              scale={scale}
              now={now}
              open={opened === name}
              onToggle={() => onOpen(opened === name ? undefined : name)}
              eventHref={eventHref}
            />
          );
        })}
      </ul>
      <div
        aria-hidden
        className="relative mx-4 hidden h-6 border-t border-line text-xs text-faint sm:mr-[116px] sm:ml-[196px] sm:block"
      >
        {scale.shortened.map(({ from, to }) => (
          <span
            key={`wait ${from}`}
            title={`${durationText(to - from)}, drawn shorter`}
            className="absolute -top-2 -translate-x-1/2 bg-surface px-0.5 leading-4"
            style={{ left: `${((scale.at(from) + scale.at(to)) / 2) * 100}%` }}
          >
            ≈
          </span>
        ))}
        {scale.ticks.map((time) => (
          <span
            key={time}
            title={exactText(new Date(time).toISOString())}
            className="absolute top-0 border-l border-line-strong pt-1 pl-1 leading-4 whitespace-nowrap tabular-nums"
            style={{ left: `${scale.at(time) * 100}%` }}
          >
            {time === whole.from ? clockText(new Date(time).toISOString(), false) : `+${spentText(time - whole.from)}`}
          </span>
        ))}
      </div>
    </Card>
  );
}

function summary(attempts: readonly Attempt[]): string {
  const made = attempts.filter(({ number }) => number !== null);
  const failed = made.filter(({ outcome }) => outcome === "failed").length;
  if (made.length === 0) return "none yet";
  return failed === 0 ? `${made.length}` : `${made.length}, ${failed} failed`;
}
