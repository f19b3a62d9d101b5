import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { Card } from "#components/card.tsx";
import { Ago } from "#components/time.tsx";
import { Until } from "#components/until.tsx";
import { FactsFragment } from "#features/schedules/schedule-facts.ts";
import { CATCH_UP } from "#features/schedules/schedule-form.ts";
import { templateText } from "#features/schedules/template-text.ts";
import { zoneTime } from "#features/schedules/zone-time.ts";

/** When it runs next, and what its tasks are like. */
export function ScheduleSettings({ schedule: masked }: { readonly schedule: FragmentType<typeof FactsFragment> }) {
  const { cron, timeZone, catchUp, task, nextRuns, paused, createdAt } = readFragment(FactsFragment, masked);
  return (
    <Card className="grid gap-4 px-4 py-3">
      <section>
        <h2 className="text-sm font-medium text-faint">
          {paused ? "It would run next" : "Next runs"}, by the clocks of {timeZone}
        </h2>
        <ol className="mt-1 grid gap-0.5">
          {nextRuns.map((at) => (
            <li key={at} className="flex justify-between gap-3 tabular-nums">
              <span>{zoneTime(at, timeZone)}</span>
              <span className="text-faint">
                <Until at={at} />
              </span>
            </li>
          ))}
          {nextRuns.length === 0 && <li className="text-faint">never</li>}
        </ol>
      </section>
      <dl className="grid gap-2 [&_dt]:text-sm [&_dt]:text-faint">
        <div>
          <dt>Cron expression</dt>
          <dd className="font-mono text-sm">{cron}</dd>
        </div>
        <div>
          <dt>When Muster was away at a time</dt>
          <dd>
            {CATCH_UP[catchUp].name}. <span className="text-muted">{CATCH_UP[catchUp].hint}</span>
          </dd>
        </div>
        <div>
          <dt>Created</dt>
          <dd>
            <Ago at={createdAt} />
          </dd>
        </div>
      </dl>
      <section>
        <h2 className="text-sm font-medium text-faint">Its tasks</h2>
        <pre
          tabIndex={0}
          aria-label="What its tasks are like"
          className="mt-1 max-h-72 overflow-auto rounded-md bg-sunken px-2.5 py-1.5 font-mono text-xs whitespace-pre-wrap wrap-anywhere"
        >
          {templateText(task)}
        </pre>
      </section>
    </Card>
  );
}
