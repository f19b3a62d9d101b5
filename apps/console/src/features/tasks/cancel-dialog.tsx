"use client";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { TaskState } from "#api/generated/graphql.ts";
import { refusalOf } from "#api/refusal.ts";
import { notify } from "#components/notify.ts";
import { ReasonDialog } from "#components/reason-dialog.tsx";

const Cancel = graphql(`
  mutation CancelTask($input: CancelTaskInput!) {
    cancelTask(input: $input) {
      __typename
      ... on CancelTaskSuccess {
        data {
          id
          state
          stateSince
          version
          cancelReason
          cancelUntil
          finishedAt
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

interface CancelDialogProps {
  readonly task: { readonly id: string; readonly title: string; readonly state: TaskState };
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Cancels a task: at once when no agent runs it, else its agent is asked to stop. */
export function CancelDialog({ task: { id, title, state }, open, onClose }: CancelDialogProps) {
  const [, cancel] = useMutation(Cancel);
  const runs = state === "RUNNING";
  const act = async (reason: string) => {
    const { data, error } = await cancel({ input: { taskId: id, reason } });
    const result = data?.cancelTask;
    if (result?.__typename !== "CancelTaskSuccess") return refusalOf(result, error);
    notify(
      result.data.state === "CANCELLING"
        ? { title: `${title} is asked to stop` }
        : { title: `${title} is cancelled`, description: "It can be run again." },
    );
    return null;
  };
  return (
    <ReasonDialog
      title={`Cancel ${title}`}
      description={
        runs
          ? "Its agent is asked to stop. When it does not within the grace period, the run is ended by force; when it completes before that, the task has succeeded."
          : "It does not run: it ends at once."
      }
      submit="Cancel task"
      danger
      record="the task’s timeline, and its agent gets it"
      open={open}
      onClose={onClose}
      act={act}
    />
  );
}
