"use client";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import type { DialogProps } from "#components/dialog-frame.tsx";
import { Problem } from "#components/notice.tsx";
import { TextArea } from "#components/text-area.tsx";
import { useSubmit } from "#components/use-submit.ts";

interface ReasonDialogProps {
  readonly title: string;
  /** What it will do. */
  readonly description: string;
  /** What the button says. */
  readonly submit: string;
  /** What the other one says, which does nothing. */
  readonly leave?: string;
  readonly danger?: boolean;
  /** Where the reason will stand. */
  readonly record?: string;
  readonly open: boolean;
  readonly onClose: () => void;
  /** Does it. Answers why it was not done, or null. */
  readonly act: (reason: string) => Promise<string | null>;
  /** Where the focus goes afterwards, as for `Dialog`. */
  readonly finalFocus?: DialogProps["finalFocus"];
  /** What else there is to say, above the reason. */
  readonly children?: ReactNode;
}

/** Asks why, and does it. */
export function ReasonDialog(props: ReasonDialogProps) {
  const {
    title,
    description,
    submit,
    leave = "Cancel",
    danger = false,
    record = "the project’s log",
    open,
    onClose,
    act,
    finalFocus,
    children,
  } = props;
  const [reason, setReason] = useState("");
  const { busy, refusal, forget, submit: send } = useSubmit();
  useEffect(() => {
    if (open) forget();
  }, [open, forget]);

  const attempt = async () => {
    const refused = await act(reason.trim());
    if (refused !== null) return refused;
    setReason("");
    onClose();
    return null;
  };

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={title}
      description={description}
      {...(finalFocus && { finalFocus })}
    >
      <form onSubmit={(event) => void send(attempt, event)} className="grid gap-4">
        {children}
        <TextArea
          label="Reason"
          value={reason}
          onChange={setReason}
          hint={`It stands in ${record}, for those who come after you.`}
          required
        />
        {refusal !== null && <Problem title={refusal} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{leave}</Button>
          <Button type="submit" look={danger ? "danger" : "primary"} disabled={busy}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
