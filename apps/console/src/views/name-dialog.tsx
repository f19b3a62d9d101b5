"use client";
import { useEffect, useState } from "react";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { TextField } from "#components/text-field.tsx";
import { useSubmit } from "#components/use-submit.ts";

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
  const { busy, refusal, forget, submit: send } = useSubmit();
  useEffect(() => {
    if (!open) return;
    setGiven(name);
    forget();
  }, [open, name, forget]);

  const attempt = async () => {
    if (given.trim() === "") return null;
    const refused = await act(given.trim());
    if (refused === null) onClose();
    return refused;
  };

  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()} title={title} description={description}>
      <form onSubmit={(event) => void send(attempt, event)} className="grid gap-4">
        <TextField
          label="Name"
          value={given}
          onChange={setGiven}
          problem={refusal ?? undefined}
          maxLength={100}
          required
        />
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
