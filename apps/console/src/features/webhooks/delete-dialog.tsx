"use client";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import type { WebhookDialogProps } from "#features/webhooks/pause-dialogs.tsx";
import { ReasonDialog } from "#components/reason-dialog.tsx";

const Delete = graphql(`
  mutation DeleteWebhook($input: DeleteWebhookInput!) {
    deleteWebhook(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
    }
  }
`);

/** Deletes a webhook, after it has said what goes with it. */
export function DeleteDialog({
  webhook: { id, name },
  open,
  onClose,
  onDeleted,
}: WebhookDialogProps & { readonly onDeleted: () => void }) {
  const [, remove] = useMutation(Delete);
  return (
    <ReasonDialog
      title={`Delete ${name}`}
      description="Its deliveries, those that wait and the log of those that were made, and its secret go with it. This cannot be taken back. To stop it for a while, pause it."
      submit={`Delete ${name}`}
      danger
      open={open}
      onClose={onClose}
      act={async (reason) => {
        const { data, error } = await remove({ input: { webhookId: id, reason } });
        const result = data?.deleteWebhook;
        if (result?.__typename !== "DeleteWebhookSuccess") return refusalOf(result, error);
        onDeleted();
        return null;
      }}
    />
  );
}
