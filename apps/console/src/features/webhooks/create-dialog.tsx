"use client";
import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { type Refusal, wholeRefusalOf } from "#api/refusal.ts";
import { Dialog } from "#components/dialog.tsx";
import { filterOf, NO_CONDITION } from "#features/webhooks/filter-form.ts";
import { SecretOnce } from "#features/webhooks/secret-once.tsx";
import { WebhookForm, type WebhookValues } from "#features/webhooks/webhook-form.tsx";
import type { ProjectRoute } from "#routes.ts";

const Create = graphql(`
  mutation CreateWebhook($input: CreateWebhookInput!) {
    createWebhook(input: $input) {
      __typename
      ... on CreateWebhookSuccess {
        secret
        data {
          id
          name
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

const EMPTY: WebhookValues = { name: "", url: "", filter: NO_CONDITION };

interface CreateDialogProps {
  readonly project: ProjectRoute;
  readonly projectId: string;
  readonly open: boolean;
  /** With the id of the webhook that was made, or null when it was left. */
  readonly onClose: (created: string | null) => void;
}

/** Makes a webhook, and shows the secret that it signs with: this once. */
export function CreateDialog({ project, projectId, open, onClose }: CreateDialogProps) {
  const [, create] = useMutation(Create);
  const [created, setCreated] = useState<{ id: string; name: string; secret: string } | null>(null);

  const submit = async ({ name, url, filter }: WebhookValues): Promise<Refusal | null> => {
    const { data, error } = await create({ input: { projectId, name, url, filter: filterOf(filter) } });
    const result = data?.createWebhook;
    if (result?.__typename === "CreateWebhookSuccess") {
      setCreated({ ...result.data, secret: result.secret });
      return null;
    }
    return wholeRefusalOf(result, error);
  };

  if (created !== null) {
    const done = () => {
      setCreated(null);
      onClose(created.id);
    };
    return (
      // Not closed by Escape or a click beside it: the secret would be lost.
      <Dialog
        open={open}
        onOpenChange={() => {}}
        title={`${created.name} is created`}
        description="It is sent what happens from now on."
      >
        <SecretOnce secret={created.secret} onDone={done} />
      </Dialog>
    );
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose(null)}
      title="Create webhook"
      description="Sends events of this project to an address, signed, each at least once and in order for each subject."
    >
      <WebhookForm
        project={project}
        initial={EMPTY}
        submit="Create webhook"
        onSubmit={submit}
        onCancel={() => onClose(null)}
      />
    </Dialog>
  );
}
