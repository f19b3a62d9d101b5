import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Ago } from "#components/time.tsx";
import { answerText } from "#features/webhooks/answer-text.ts";
import { FilterFactsFragment } from "#features/webhooks/filter-facts.ts";
import { filterWords } from "#features/webhooks/filter-words.ts";
import { deliveryLook, WEBHOOK_STATES } from "#features/webhooks/webhook-states.tsx";
import { StateBadge, StateIcon } from "#lifecycles/state-badge.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const RowFragment = graphql(`
  fragment WebhookRow on Webhook {
    id
    name
    url
    state
    pausedReason
    failures
    pendingDeliveries
    filter {
      ...FilterFacts
    }
    lastDelivery {
      id
      state
      lastStatus
      lastError
      lastAttemptAt
      durationMs
    }
  }
`);

interface WebhookRowProps {
  readonly project: ProjectRoute;
  readonly webhook: FragmentType<typeof RowFragment>;
}

/** One webhook: what it is sent and where, whether it is, and how the last delivery went. */
export function WebhookRow({ project, webhook: masked }: WebhookRowProps) {
  const webhook = readFragment(RowFragment, masked);
  const { id, name, url, state, failures, pendingDeliveries, lastDelivery: last } = webhook;
  const trouble = webhook.pausedReason ?? failuresText(failures);
  const words = filterWords(readFragment(FilterFactsFragment, webhook.filter)).join(", ");
  return (
    <tr className="border-t border-line">
      <td className="w-2/5 max-w-0 min-w-40 px-4 py-2.5 sm:min-w-56">
        <Link
          href={routes.webhook(project, id)}
          prefetch={false}
          className="block truncate font-[550] hover:text-accent hover:underline"
        >
          {name}
        </Link>
        <div title={url} className="truncate font-mono text-xs leading-5 text-faint [font-variant-ligatures:none]">
          {url}
        </div>
      </td>
      <td className="hidden w-1/4 max-w-0 min-w-44 px-4 py-2.5 sm:table-cell">
        <div title={words} className="line-clamp-2 text-muted">
          {words}
        </div>
      </td>
      <td className="w-1/5 max-w-0 min-w-28 px-4 py-2.5 sm:min-w-36">
        <StateBadge look={WEBHOOK_STATES[state]} />
        {trouble !== null && (
          <div title={trouble} className="truncate text-sm text-faint">
            {trouble}
          </div>
        )}
      </td>
      <td className="px-4 py-2.5 whitespace-nowrap">
        {last ? (
          <>
            <div className="flex items-center gap-1.5">
              <StateIcon look={deliveryLook(last)} />
              <span className="sr-only">{deliveryLook(last).word}: </span>
              <span className="max-w-56 truncate" title={last.lastError ?? undefined}>
                {answerText(last) ?? deliveryLook(last).word}
              </span>
            </div>
            {last.lastAttemptAt !== null && (
              <div className="pl-[18px] text-sm text-faint">
                <Ago at={last.lastAttemptAt} />
              </div>
            )}
          </>
        ) : (
          <span className="text-faint">none yet</span>
        )}
      </td>
      <td className="px-4 py-2.5 text-right tabular-nums">
        {pendingDeliveries === 0 ? <span className="text-faint">0</span> : pendingDeliveries.toLocaleString("en")}
      </td>
    </tr>
  );
}

function failuresText(failures: number): string | null {
  if (failures === 0) return null;
  return failures === 1 ? "the last attempt failed" : `the last ${failures} attempts failed`;
}
