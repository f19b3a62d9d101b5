"use client";
import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { useSubmit } from "#components/use-submit.ts";
import type { WebhookDialogProps } from "#features/webhooks/pause-dialogs.tsx";
import { SecretOnce } from "#features/webhooks/secret-once.tsx";

const Rotate = graphql(`
  mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {
    rotateWebhookSecret(input: $input) {
      __typename
      ... on RotateWebhookSecretSuccess {
        secret
        data {
          id
          previousSecretUntil
          updatedAt
          version
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

/** Gives a webhook a new secret, and shows it this once. */
export function RotateDialog({ webhook: { id, name }, open, onClose }: WebhookDialogProps) {
  const [, rotate] = useMutation(Rotate);
  const [secret, setSecret] = useState<string | null>(null);
  const { busy, refusal, forget, submit } = useSubmit();
  const attempt = async () => {
    const { data, error } = await rotate({ input: { webhookId: id } });
    const result = data?.rotateWebhookSecret;
    if (result?.__typename !== "RotateWebhookSecretSuccess") return refusalOf(result, error);
    setSecret(result.secret);
    return null;
  };
  const close = () => {
    setSecret(null);
    forget();
    onClose();
  };
  return (
    <Dialog
      open={open}
      // Not closed by Escape or a click beside it while it shows the secret, which would be lost.
      onOpenChange={(next) => !next && secret === null && close()}
      title={secret === null ? `Rotate the secret of ${name}` : `${name} has a new secret`}
      description="Both secrets sign for the next 24 hours, so that your receiver can change over in peace."
    >
      {secret !== null ? (
        <SecretOnce secret={secret} onDone={close} />
      ) : (
        <div className="grid gap-4">
          <p className="text-muted">
            After that only the new one does. Rotate again within that time, and the oldest one ends at once.
          </p>
          {refusal !== null && <Problem title={refusal} />}
          <div className="flex justify-end gap-2">
            <Button onClick={close}>Cancel</Button>
            <Button look="primary" disabled={busy} onClick={() => void submit(attempt)}>
              Rotate secret
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}
