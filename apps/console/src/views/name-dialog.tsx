"use client";
import { type SyntheticEvent, useEffect, useState } from "react";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { TextField } from "#components/text-field.tsx";

interface NameDialogProps {
  readonly title: string;
  readonly description: string;
  readonly submit: string;
  /** The name to begin with. */
  readonly name: string;
  readonly open: boolean;
  readonly onClose: () => void;
  /** Does it. Answers why it was not done, or null. */
  readonly act: (name: string) => Promise<string | null>;
}

/** Asks what a view is to be called. */
export default function NameDialog({ title, description, submit, name, open, onClose, act }: NameDialogProps) {
  const [given, setGiven] = useState(name);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    if (!open) return;
    setGiven(name);
    setProblem(undefined);
  }, [open, name]);

  const send = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (busy || given.trim() === "") return;
    setBusy(true);
    const refusal = await act(given.trim());
    setBusy(false);
    setProblem(refusal ?? undefined);
    if (refusal === null) onClose();
  };

  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()} title={title} description={description}>
      <form onSubmit={(event) => void send(event)} className="grid gap-4">
        <TextField label="Name" value={given} onChange={setGiven} problem={problem} maxLength={100} required />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={busy || given.trim() === ""}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
