"use client";
import { useRef, useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { NO_ISSUES } from "#api/input-issues.ts";
import { type Refusal, wholeRefusalOf } from "#api/refusal.ts";
import { Dialog } from "#components/dialog.tsx";
import { filterOf } from "#features/webhooks/filter-form.ts";
import { WebhookForm, type WebhookValues } from "#features/webhooks/webhook-form.tsx";
import type { ProjectRoute } from "#routes.ts";

const Update = graphql(`
  mutation UpdateWebhook($input: UpdateWebhookInput!) {
    updateWebhook(input: $input) {
      __typename
      ... on UpdateWebhookSuccess {
        data {
          id
          name
          url
          failures
          retryAt
          updatedAt
          version
          filter {
            ...FilterFacts
          }
        }
      }
      ... on Error {
        code
        message
      }
      ... on InvalidInput {
        issues {
          path
          message
        }
      }
    }
  }
`);

interface EditDialogProps {
  readonly project: ProjectRoute;
  readonly webhook: string;
  readonly version: number;
  readonly values: WebhookValues;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Changes a webhook's name, address or filter, as long as it is still what the person saw. */
export function EditDialog({ project, webhook, version, values, open, onClose }: EditDialogProps) {
  const [, update] = useMutation(Update);
  /** The webhook as it was when the dialog was opened: that is what is changed. */
  const [opened, setOpened] = useState({ version, values, times: 0 });
  const wasOpen = useRef(open);
  if (open !== wasOpen.current) {
    wasOpen.current = open;
    if (open) setOpened({ version, values, times: opened.times + 1 });
  }

  const submit = async ({ name, url, filter }: WebhookValues): Promise<Refusal | null> => {
    const { data, error } = await update({
      input: { webhookId: webhook, name, url, filter: filterOf(filter), expectedVersion: opened.version },
    });
    const result = data?.updateWebhook;
    if (result?.__typename === "UpdateWebhookSuccess") {
      onClose();
      return null;
    }
    if (result?.__typename === "Conflict") {
      return {
        message: "Somebody else has changed it since you opened this. Close this, look at it, and edit it again.",
        issues: NO_ISSUES,
      };
    }
    return wholeRefusalOf(result, error);
  };

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={`Edit ${opened.values.name}`}
      description="A new filter is for what is not queued yet. What waits is sent to the new address."
    >
      <WebhookForm
        key={opened.times}
        project={project}
        initial={opened.values}
        submit="Save changes"
        onSubmit={submit}
        onCancel={onClose}
      />
    </Dialog>
  );
}
