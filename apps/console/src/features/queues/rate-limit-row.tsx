"use client";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Button } from "#components/button.tsx";
import { numberText } from "#components/number-text.ts";
import { countText, rateText } from "#features/queues/depth-words.ts";
import { MAY_NOT } from "#features/queues/may-manage.ts";
import { type ProjectRoute, routes } from "#routes.ts";

const RowFragment = graphql(`
  fragment RateLimitFacts on RateLimit {
    id
    key
    max
    periodMs
    available
    waiting {
      count
      isCapped
    }
    version
  }
`);

/** Come when they are asked for. */
const SetRateLimit = dynamic(() =>
  import("#features/queues/rate-limit-dialogs.tsx").then((module) => module.SetRateLimit),
);
const DeleteRateLimit = dynamic(() =>
  import("#features/queues/rate-limit-dialogs.tsx").then((module) => module.DeleteRateLimit),
);

interface RateLimitRowProps {
  readonly project: ProjectRoute;
  readonly projectId: string;
  readonly limit: FragmentType<typeof RowFragment>;
  readonly allowed: boolean;
}

/** One rate limit: how much it lets through, how much is left of that now, and how many tasks wait for it. */
export function RateLimitRow({ project, projectId, limit: masked, allowed }: RateLimitRowProps) {
  const limit = readFragment(RowFragment, masked);
  const { key, max, periodMs, available, waiting } = limit;
  const [asked, setAsked] = useState<"change" | "delete" | null>(null);
  const may = { disabled: !allowed, title: allowed ? undefined : MAY_NOT };
  const close = () => setAsked(null);
  return (
    <tr className="border-t border-line hover:bg-sunken/50">
      <td className="max-w-0 min-w-28 px-4 py-2.5">
        <code title={key} className="block truncate font-mono text-sm font-[550]">
          {key}
        </code>
      </td>
      <td className="px-4 py-2.5 whitespace-nowrap tabular-nums">{rateText(max, periodMs)}</td>
      <td className="hidden w-[28%] px-4 py-2.5 sm:table-cell">
        <div className="flex items-center gap-3">
          <span
            role="img"
            aria-label={`${available} of ${max} left`}
            className="flex h-1.5 grow overflow-hidden rounded-full bg-sunken"
          >
            <span
              className={available === 0 ? "bg-unresponsive" : "bg-idle"}
              style={{ width: `${(available / max) * 100}%` }}
            />
          </span>
          <span className="w-24 text-right text-muted tabular-nums">
            {numberText(available)} of {numberText(max)}
          </span>
        </div>
      </td>
      <td className="px-4 py-2.5 tabular-nums">
        {waiting.count === 0 ? (
          <span className="text-faint">none</span>
        ) : (
          <Link
            href={routes.tasks(project, { state: ["QUEUED"], rate: key })}
            prefetch={false}
            aria-label={`${countText(waiting)} waiting for ${key}`}
            className="font-[550] text-warning underline decoration-line-strong underline-offset-2 hover:decoration-current"
          >
            {countText(waiting)}
          </Link>
        )}
      </td>
      <td className="px-3 py-1.5 text-right whitespace-nowrap">
        <Button look="ghost" {...may} aria-label={`Change ${key}`} onClick={() => setAsked("change")}>
          Change
        </Button>
        <Button look="ghost" {...may} aria-label={`Delete ${key}`} onClick={() => setAsked("delete")}>
          Delete
        </Button>
        {asked === "change" && <SetRateLimit projectId={projectId} present={limit} onClose={close} />}
        {asked === "delete" && <DeleteRateLimit projectId={projectId} present={limit} onClose={close} />}
      </td>
    </tr>
  );
}
