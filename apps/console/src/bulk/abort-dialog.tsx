"use client";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { ReasonDialog } from "#components/reason-dialog.tsx";

const Abort = graphql(`
  mutation AbortBulkJob($input: AbortBulkJobInput!) {
    abortBulkJob(input: $input) {
      __typename
      ... on AbortBulkJobSuccess {
        data {
          id
          ...BulkJobProgress
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

interface AbortDialogProps {
  readonly jobId: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Stops a job, after it has said what that means. */
export function AbortDialog({ jobId, open, onClose }: AbortDialogProps) {
  const [, abort] = useMutation(Abort);
  return (
    <ReasonDialog
      title="Abort the bulk job"
      description="Those whose turn has not come are left alone. What was done stays done."
      submit="Abort"
      danger
      open={open}
      onClose={onClose}
      act={async (reason) => {
        const { data, error } = await abort({ input: { jobId, reason } });
        const result = data?.abortBulkJob;
        return result?.__typename === "AbortBulkJobSuccess" ? null : refusalOf(result, error);
      }}
    />
  );
}
