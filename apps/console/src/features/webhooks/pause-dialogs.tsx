"use client";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { ReasonDialog } from "#components/reason-dialog.tsx";

const Pause = graphql(`
  mutation PauseWebhook($input: PauseWebhookInput!) {
    pauseWebhook(input: $input) {
      __typename
      ... on PauseWebhookSuccess {
        data {
          id
          state
          stateSince
          pausedReason
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

const Resume = graphql(`
  mutation ResumeWebhook($input: ResumeWebhookInput!) {
    resumeWebhook(input: $input) {
      __typename
      ... on ResumeWebhookSuccess {
        data {
          id
          state
          stateSince
          pausedReason
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

export interface WebhookDialogProps {
  readonly webhook: { readonly id: string; readonly name: string };
  readonly open: boolean;
  readonly onClose: () => void;
}

export function PauseDialog({ webhook: { id, name }, open, onClose }: WebhookDialogProps) {
  const [, pause] = useMutation(Pause);
  return (
    <ReasonDialog
      title={`Pause ${name}`}
      description="Nothing is sent until it is resumed. Its events wait in the log, so none is lost while the log keeps them."
      submit="Pause"
      open={open}
      onClose={onClose}
      act={async (reason) => {
        const { data, error } = await pause({ input: { webhookId: id, reason } });
        const result = data?.pauseWebhook;
        return result?.__typename === "PauseWebhookSuccess" ? null : refusalOf(result, error);
      }}
    />
  );
}

export function ResumeDialog({ webhook: { id, name }, open, onClose }: WebhookDialogProps) {
  const [, resume] = useMutation(Resume);
  return (
    <ReasonDialog
      title={`Resume ${name}`}
      description="Sending goes on where it stopped, with the oldest that waits."
      submit="Resume"
      open={open}
      onClose={onClose}
      act={async (reason) => {
        const { data, error } = await resume({ input: { webhookId: id, reason } });
        const result = data?.resumeWebhook;
        return result?.__typename === "ResumeWebhookSuccess" ? null : refusalOf(result, error);
      }}
    />
  );
}
