"use client";
import { type SyntheticEvent, useState } from "react";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { TextArea } from "#components/text-area.tsx";

interface ReasonDialogProps {
  readonly title: string;
  /** What it will do. */
  readonly description: string;
  /** On the button that does it. */
  readonly action: string;
  readonly open: boolean;
  /** Does it for that reason. Answers why it was refused; null when it was done. */
  readonly onSubmit: (reason: string) => Promise<string | null>;
  readonly onClose: () => void;
}

/** Asks for the reason of what somebody is about to do, and does it. */
export function ReasonDialog({ title, description, action, open, onSubmit, onClose }: ReasonDialogProps) {
  const [busy, setBusy] = useState(false);
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const refusal = await onSubmit(reason.trim());
    setBusy(false);
    setProblem(refusal);
    if (refusal !== null) return;
    setReason("");
    onClose();
  };
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()} title={title} description={description}>
      <form onSubmit={(event) => void submit(event)} className="grid gap-4">
        <TextArea
          label="Reason"
          value={reason}
          onChange={setReason}
          hint="It stands in the history, for those who come after you."
          required
        />
        {problem !== null && <Problem title={problem} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={busy}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
