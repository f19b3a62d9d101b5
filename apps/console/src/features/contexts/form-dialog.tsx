"use client";
import type { ReactNode } from "react";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { useSubmit } from "#components/use-submit.ts";

interface FormDialogProps {
  readonly title: string;
  readonly description: string;
  /** What the button says. */
  readonly submit: string;
  readonly onClose: () => void;
  /** Does it. Answers why it was not done, or null. */
  readonly act: () => Promise<string | null>;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** Some fields, and a button that does it. Closes once it is done; what was refused is said here. */
export function FormDialog({ title, description, submit, onClose, act, wide = false, children }: FormDialogProps) {
  const { busy, refusal, submit: send } = useSubmit();
  const attempt = async () => {
    const refused = await act();
    if (refused === null) onClose();
    return refused;
  };
  return (
    <Dialog open wide={wide} onOpenChange={(next) => !next && onClose()} title={title} description={description}>
      <form onSubmit={(event) => void send(attempt, event)} className="grid gap-4">
        {children}
        {refusal !== null && <Problem title={refusal} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={busy}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
