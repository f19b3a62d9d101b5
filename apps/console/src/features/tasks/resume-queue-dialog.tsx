"use client";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { notify } from "#components/notify.ts";
import { ReasonDialog } from "#components/reason-dialog.tsx";

const Resume = graphql(`
  mutation ResumeQueueOfTask($input: ResumeQueueInput!) {
    resumeQueue(input: $input) {
      __typename
      ... on ResumeQueueSuccess {
        data {
          id
          paused
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

interface ResumeQueueDialogProps {
  readonly projectId: string;
  readonly queue: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Lets a paused queue's tasks be handed out again. */
export function ResumeQueueDialog({ projectId, queue, open, onClose }: ResumeQueueDialogProps) {
  const [, resume] = useMutation(Resume);
  const act = async (reason: string) => {
    const { data, error } = await resume({ input: { projectId, queue, reason } });
    if (data?.resumeQueue.__typename !== "ResumeQueueSuccess") return refusalOf(data?.resumeQueue, error);
    notify({ title: `Queue ${queue} goes on` });
    return null;
  };
  return (
    <ReasonDialog
      title={`Resume ${queue}`}
      description="Its tasks are handed out again, this one and all others."
      submit="Resume"
      open={open}
      onClose={onClose}
      act={act}
    />
  );
}
