"use client";
import { useEffect, useState } from "react";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { Until } from "#components/until.tsx";
import { useLatest } from "#components/use-latest.ts";
import { cronWords } from "#features/schedules/cron-words.ts";
import { zoneTime } from "#features/schedules/zone-time.ts";

const PreviewQuery = graphql(`
  query CronPreview($cron: String!, $timeZone: String!) {
    cronPreview(cron: $cron, timeZone: $timeZone, count: 5) {
      times
      issues {
        path
        message
      }
    }
  }
`);

const PAUSE_MS = 200;

interface CronPreviewProps {
  readonly cron: string;
  readonly timeZone: string;
}

/** What an expression that is being written says: in words, and its next five times; or what is wrong with it. */
export function CronPreview({ cron, timeZone }: CronPreviewProps) {
  const [asked, setAsked] = useState({ cron, timeZone });
  useEffect(() => {
    const timer = setTimeout(() => setAsked({ cron, timeZone }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [cron, timeZone]);
  const [{ data, error }] = useQuery({
    query: PreviewQuery,
    variables: asked,
    pause: asked.cron.trim() === "",
    requestPolicy: "network-only",
  });
  const preview = useLatest(data?.cronPreview, data !== undefined);
  const words = cronWords(asked.cron);
  const wrong = preview?.issues.map(
    ({ path, message }) => `${path[0] === "timeZone" ? "The time zone" : "This"} ${message}`,
  );
  return (
    <section aria-label="Next runs" aria-live="polite" className="min-h-37 rounded-md bg-sunken px-3 py-2">
      {error ? (
        <p className="text-muted">The next runs cannot be shown now.</p>
      ) : wrong && wrong.length > 0 ? (
        wrong.map((message) => (
          <p key={message} className="text-danger">
            {message}
          </p>
        ))
      ) : (
        <>
          <p className="font-[550] first-letter:uppercase">{words ?? "Next runs"}</p>
          <ol className="mt-1 grid gap-0.5">
            {preview?.times.map((at) => (
              <li key={at} className="flex justify-between gap-4 tabular-nums">
                <span>{zoneTime(at, asked.timeZone)}</span>
                <span className="text-faint">
                  <Until at={at} />
                </span>
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}
