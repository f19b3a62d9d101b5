"use client";
import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { notify } from "#components/notify.ts";
import { ReasonDialog } from "#components/reason-dialog.tsx";

const Cancel = graphql(`
  mutation CancelWorkflow($input: CancelWorkflowInput!) {
    cancelWorkflow(input: $input) {
      __typename
      ... on CancelWorkflowSuccess {
        data {
          id
          state
          cancelReason
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

interface CancelWorkflowProps {
  readonly id: string;
  readonly name: string;
  /** How many of its steps have not ended, and how many of these run. */
  readonly open: number;
  readonly running: number;
  readonly allowed: boolean;
}

/** Stops a workflow for good, for a reason. */
export function CancelWorkflow({ id, name, open, running, allowed }: CancelWorkflowProps) {
  const [asking, setAsking] = useState(false);
  const [, cancel] = useMutation(Cancel);
  return (
    <>
      <Button
        look="danger"
        disabled={!allowed}
        title={allowed ? undefined : "You lack the permission task.cancel."}
        onClick={() => setAsking(true)}
      >
        Cancel workflow
      </Button>
      <ReasonDialog
        title={`Cancel ${name}`}
        description={`${open === 1 ? "One step that has not ended is" : `${open} steps that have not ended are`} cancelled${running > 0 ? `; ${running === 1 ? "the one that runs is" : `the ${running} that run are`} asked to stop` : ""}. A workflow that was cancelled cannot go on: to do it again, create it again.`}
        submit="Cancel workflow"
        danger
        open={asking}
        onClose={() => setAsking(false)}
        act={async (reason) => {
          const { data, error } = await cancel({ input: { workflowId: id, reason } });
          const result = data?.cancelWorkflow;
          if (result?.__typename !== "CancelWorkflowSuccess") return refusalOf(result, error);
          notify({ title: `${name} is being cancelled` });
          return null;
        }}
      />
    </>
  );
}
