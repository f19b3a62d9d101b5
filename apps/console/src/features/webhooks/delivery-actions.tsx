"use client";
import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { WebhookDeliveryState } from "#api/generated/graphql.ts";
import { refusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Problem } from "#components/notice.tsx";
import { ReasonDialog } from "#components/reason-dialog.tsx";

const Retry = graphql(`
  mutation RetryWebhookDelivery($input: RetryWebhookDeliveryInput!) {
    retryWebhookDelivery(input: $input) {
      __typename
      ... on RetryWebhookDeliverySuccess {
        data {
          id
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

const Skip = graphql(`
  mutation SkipWebhookDelivery($input: SkipWebhookDeliveryInput!) {
    skipWebhookDelivery(input: $input) {
      __typename
      ... on SkipWebhookDeliverySuccess {
        data {
          id
          state
          skipReason
          nextAttemptAt
          finishedAt
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

interface DeliveryActionsProps {
  readonly id: string;
  readonly state: WebhookDeliveryState;
  /** Tests and notices are not sent again once they have ended. */
  readonly isEvent: boolean;
  readonly onShow: (id: string) => void;
  readonly onChanged: () => void;
  readonly onRead: () => void;
}

/** Sends a delivery now or once more, or gives it up. */
export function DeliveryActions({ id, state, isEvent, onShow, onChanged, onRead }: DeliveryActionsProps) {
  const [{ fetching }, retry] = useMutation(Retry);
  const [, skip] = useMutation(Skip);
  const [problem, setProblem] = useState<string | null>(null);
  const [done, setDone] = useState("");
  const [skipping, setSkipping] = useState(false);
  const pending = state === "PENDING";

  const send = async () => {
    setProblem(null);
    setDone("");
    const { data, error } = await retry({ input: { deliveryId: id } });
    const result = data?.retryWebhookDelivery;
    if (result?.__typename !== "RetryWebhookDeliverySuccess") return setProblem(refusalOf(result, error));
    onChanged();
    onRead();
    if (result.data.id !== id) onShow(result.data.id);
    else setDone("It is due now.");
  };

  if (!pending && !isEvent) return null;
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <Button disabled={fetching} onClick={() => void send()}>
          {pending ? "Retry now" : "Send again"}
        </Button>
        {pending && (
          <Button look="danger" onClick={() => setSkipping(true)}>
            Skip
          </Button>
        )}
        <span role="status" className="text-muted">
          {done}
        </span>
      </div>
      {problem !== null && <Problem title={problem} />}
      <ReasonDialog
        title="Skip this delivery"
        description="It is not sent, and what waits behind it for the same subject is. Its receiver will not know of this event."
        submit="Skip"
        danger
        open={skipping}
        onClose={() => setSkipping(false)}
        act={async (reason) => {
          const { data, error } = await skip({ input: { deliveryId: id, reason } });
          const result = data?.skipWebhookDelivery;
          if (result?.__typename !== "SkipWebhookDeliverySuccess") return refusalOf(result, error);
          onChanged();
          return null;
        }}
      />
    </div>
  );
}
