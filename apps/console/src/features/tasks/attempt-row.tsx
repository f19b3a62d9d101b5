"use client";
import Link from "next/link";
import { Tag } from "#components/tag.tsx";
import { exactText } from "#components/time.tsx";
import { spentText } from "#events/spent-text.ts";
import { AttemptBar } from "#features/tasks/attempt-bar.tsx";
import { attemptName, attemptSentence } from "#features/tasks/attempt-words.ts";
import { type Attempt, AT_WORK, timeIn } from "#features/tasks/attempts.ts";
import { fillOf, OUTCOMES, PHASES } from "#features/tasks/phase-looks.ts";
import type { TimeScale } from "#features/tasks/time-scale.ts";
import { type ProjectRoute, routes } from "#routes.ts";

interface AttemptRowProps {
  readonly project: ProjectRoute;
  readonly attempt: Attempt;
  readonly scale: TimeScale;
  readonly now: number;
  readonly open: boolean;
  readonly onToggle: () => void;
  /** The address of the event that ended it. */
  readonly eventHref: (event: string) => string;
}

/** An attempt as a bar in time; opened, with every phase and the error in full. */
export function AttemptRow({ project, attempt, scale, now, open, onToggle, eventHref }: AttemptRowProps) {
  const worked = timeIn(attempt, AT_WORK, now);
  return (
    <li className="border-t border-line first:border-t-0">
      <button
        type="button"
        aria-expanded={open}
        onClick={onToggle}
        className="grid w-full grid-cols-[1fr_auto] items-center gap-x-3 gap-y-1 px-4 py-2 text-left -outline-offset-2 hover:bg-sunken sm:grid-cols-[168px_1fr_88px]"
      >
        <span className="flex min-w-0 items-baseline gap-1.5">
          <span aria-hidden className="w-2 text-faint">
            {open ? "⌄" : "›"}
          </span>
          <span className="whitespace-nowrap">{attemptName(attempt)}</span>
          {attempt.agent && <span className="truncate text-muted">{attempt.agent.name}</span>}
        </span>
        <span className="order-last col-span-2 sm:order-none sm:col-span-1">
          <AttemptBar attempt={attempt} scale={scale} now={now} />
        </span>
        <span className="text-right text-muted tabular-nums" title="How long an agent had it">
          {worked > 0 || attempt.number !== null ? spentText(worked) : "—"}
        </span>
        <span className="sr-only">{attemptSentence(attempt, now)}</span>
      </button>
      {open && (
        <div className="grid gap-2 px-4 pt-1 pb-3 sm:pl-[34px]">
          <dl className="flex flex-wrap gap-x-6 gap-y-1.5">
            {attempt.phases.map(({ kind, from, to }) => (
              <div key={`${kind} ${from}`}>
                <dt className="flex items-center gap-1.5 text-sm text-faint">
                  <span className="size-2 rounded-[2px]" style={{ background: fillOf(kind, attempt.outcome) }} />
                  {PHASES[kind].word}
                </dt>
                <dd className="tabular-nums" title={exactText(new Date(from).toISOString())}>
                  {from > now ? "—" : spentText(Math.max(0, Math.min(to ?? now, now) - from))}
                </dd>
              </div>
            ))}
          </dl>
          <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
            {attempt.agent && (
              <>
                <span className="text-muted">by</span>
                <Link href={routes.agent(project, attempt.agent.id)} className="font-[550] text-accent">
                  {attempt.agent.name}
                </Link>
              </>
            )}
            {attempt.outcome !== null && <span>{OUTCOMES[attempt.outcome]}</span>}
            {attempt.error !== null && attempt.outcome === "failed" && <Tag>{attempt.error.kind}</Tag>}
            {attempt.endedBy !== null && (
              <Link href={eventHref(attempt.endedBy)} prefetch={false} scroll={false} className="text-accent">
                Event
              </Link>
            )}
          </p>
          {attempt.error !== null && (
            <p className="font-mono text-sm wrap-anywhere whitespace-pre-wrap text-muted">{attempt.error.message}</p>
          )}
        </div>
      )}
    </li>
  );
}
