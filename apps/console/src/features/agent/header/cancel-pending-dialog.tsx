"use client";
import { useMutation } from "urql";
import { refusalOf } from "#api/refusal.ts";
import { ReasonDialog } from "#components/reason-dialog.tsx";
import { focusSummary } from "#features/agent/header/agent-summary.tsx";
import { CancelPending } from "#features/agent/header/cancel-pending.ts";

interface CancelPendingDialogProps {
  readonly agentId: string;
  readonly becomes: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Asks why what is pending is taken back, and does it. */
export function CancelPendingDialog({ agentId, becomes, open, onClose }: CancelPendingDialogProps) {
  const [, cancel] = useMutation(CancelPending);
  return (
    <ReasonDialog
      title="Cancel what is pending"
      description={`It will not be ${becomes}, and takes tasks again.`}
      submit="Cancel that"
      leave="Leave it"
      open={open}
      onClose={onClose}
      finalFocus={focusSummary}
      act={async (reason) => {
        const { data, error } = await cancel({ input: { agentId, reason } });
        const result = data?.cancelPendingAction;
        return result?.__typename === "CancelPendingActionSuccess" ? null : refusalOf(result, error);
      }}
    />
  );
}
