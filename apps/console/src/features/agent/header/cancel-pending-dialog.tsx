"use client";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { TextArea } from "#components/text-area.tsx";
import { focusSummary } from "#features/agent/header/agent-summary.tsx";

const CancelPending = graphql(`
  mutation CancelPendingAction($input: CancelPendingActionInput!) {
    cancelPendingAction(input: $input) {
      __typename
      ... on CancelPendingActionSuccess {
        data {
          ...LiveAgent
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

interface CancelPendingDialogProps {
  readonly agentId: string;
  readonly becomes: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Asks why what is pending is taken back, and does it. */
export function CancelPendingDialog({ agentId, becomes, open, onClose }: CancelPendingDialogProps) {
  const [{ fetching }, cancel] = useMutation(CancelPending);
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (fetching) return;
    const { data, error } = await cancel({ input: { agentId, reason: reason.trim() } });
    const result = data?.cancelPendingAction;
    if (result?.__typename === "CancelPendingActionSuccess") onClose();
    else setProblem(result?.message ?? error?.graphQLErrors[0]?.message ?? "Muster cannot be reached. Try again.");
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="Cancel what is pending"
      description={`It will not be ${becomes}, and takes tasks again.`}
      finalFocus={focusSummary}
    >
      <form onSubmit={(event) => void submit(event)} className="grid gap-4">
        <TextArea label="Reason" value={reason} onChange={setReason} required />
        {problem !== null && <Problem title={problem} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button type="submit" look="primary" disabled={fetching}>
            Cancel that
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
