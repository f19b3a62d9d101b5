import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Ago } from "#components/time.tsx";
import { answerText } from "#features/webhooks/answer-text.ts";
import { deliverySentence } from "#features/webhooks/delivery-sentence.ts";
import { nextAttempt, type Sending } from "#features/webhooks/sending.ts";
import { Until } from "#components/until.tsx";
import { deliveryLook } from "#features/webhooks/webhook-states.tsx";
import { StateIcon } from "#lifecycles/state-badge.tsx";

export const DeliveryRowFragment = graphql(`
  fragment DeliveryRow on WebhookDelivery {
    id
    type
    state
    attempts
    lastStatus
    lastError
    durationMs
    skipReason
    createdAt
    nextAttemptAt
    event {
      ...EventLine
    }
  }
`);

interface DeliveryRowProps {
  readonly delivery: FragmentType<typeof DeliveryRowFragment>;
  readonly href: string;
  readonly onOpen: () => void;
  readonly sending: Sending;
}

/** One delivery: what it tells, how it stands, and what was answered. */
export function DeliveryRow({ delivery: masked, href, onOpen, sending }: DeliveryRowProps) {
  const delivery = readFragment(DeliveryRowFragment, masked);
  const { type, state, attempts, lastError, skipReason, createdAt } = delivery;
  const look = deliveryLook(delivery);
  const sentence = deliverySentence(delivery);
  const next = nextAttempt(delivery, sending);
  const answer = state === "SKIPPED" ? skipReason : answerText(delivery);
  return (
    <tr className="border-t border-line align-top hover:bg-sunken">
      <td className="py-2 pl-4 whitespace-nowrap sm:pr-2">
        <span className="inline-flex items-center gap-1.5">
          <StateIcon look={look} />
          <span className="max-sm:sr-only">{look.word}</span>
        </span>
      </td>
      <td className="w-full max-w-0 min-w-36 px-4 py-2">
        <Link
          href={href}
          prefetch={false}
          scroll={false}
          onNavigate={(event) => {
            event.preventDefault();
            onOpen();
          }}
          className="block truncate font-[550] hover:text-accent hover:underline"
        >
          {type}
        </Link>
        <div className="truncate text-sm text-faint" title={sentence}>
          {sentence}
        </div>
      </td>
      <td className="max-w-52 min-w-24 truncate px-4 py-2 text-muted tabular-nums" title={lastError ?? undefined}>
        {answer ?? <span className="text-faint">not sent yet</span>}
      </td>
      <td className="hidden px-4 py-2 text-right tabular-nums sm:table-cell">{attempts}</td>
      <td className="hidden px-4 py-2 whitespace-nowrap text-muted sm:table-cell">
        {next !== null && (sending.paused ? "once resumed" : <Until come="due" at={next} />)}
      </td>
      <td className="hidden px-4 py-2 text-right whitespace-nowrap text-faint sm:table-cell">
        <Ago at={createdAt} />
      </td>
    </tr>
  );
}
