"use client";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { TextArea } from "#components/text-area.tsx";
import { Ago } from "#components/time.tsx";
import { becomesText } from "#events/drain-words.ts";
import { quoted } from "#events/event-payload.ts";
import { focusSummary } from "#features/agent/agent-summary.tsx";

const PendingFragment = graphql(`
  fragment PendingAction on Agent {
    id
    activeTasks
    pendingAction
    pendingReason
    pendingSince
  }
`);

const CancelPending = graphql(`
  mutation CancelPendingAction($input: CancelPendingActionInput!) {
    cancelPendingAction(input: $input) {
      __typename
      ... on CancelPendingActionSuccess {
        data {
          id
          ...AgentActions
          ...PendingAction
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

/** What becomes of the agent when its tasks have ended, and the way to take that back. */
export function PendingAction({ agent: masked }: { readonly agent: FragmentType<typeof PendingFragment> }) {
  const { id, activeTasks, pendingAction, pendingReason, pendingSince } = readFragment(PendingFragment, masked);
  const [open, setOpen] = useState(false);
  if (pendingAction === null) return null;
  const becomes = becomesText(pendingAction);
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 rounded-lg border border-line bg-warning-soft px-4 py-2.5">
      <p>
        <b className="font-[550]">
          Will be {becomes} when its {activeTasks === 1 ? "running task ends" : `${activeTasks} running tasks end`}
        </b>
        {pendingReason !== null && <>: {quoted(pendingReason)}</>}
        <span className="text-muted">
          {" "}
          It takes no new task.{" "}
          {pendingSince !== null && (
            <>
              Asked for <Ago at={pendingSince} />.
            </>
          )}
        </span>
      </p>
      <Button onClick={() => setOpen(true)}>Cancel that</Button>
      <CancelDialog agentId={id} becomes={becomes} open={open} onClose={() => setOpen(false)} />
    </div>
  );
}

interface CancelDialogProps {
  readonly agentId: string;
  readonly becomes: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

function CancelDialog({ agentId, becomes, open, onClose }: CancelDialogProps) {
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
