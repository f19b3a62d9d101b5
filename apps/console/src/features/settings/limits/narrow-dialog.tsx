"use client";
import { type SyntheticEvent, useEffect, useState } from "react";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { TextField } from "#components/text-field.tsx";
import { LIMIT_WORDS } from "#features/settings/limits/limit-words.ts";
import type { LimitName, WorkspaceLimits } from "#features/settings/limits/retention-form.ts";

interface NarrowDialogProps {
  /** The workspace's slug, to be typed. */
  readonly slug: string;
  readonly changes: Partial<WorkspaceLimits>;
  /** Those of them that remove something. */
  readonly names: readonly LimitName[];
  readonly busy: boolean;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}

/** Says what will be gone for good, and has the workspace's name typed. */
export function NarrowDialog({ slug, changes, names, busy, open, onClose, onConfirm }: NarrowDialogProps) {
  const [typed, setTyped] = useState("");
  useEffect(() => {
    if (open) setTyped("");
  }, [open]);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    // A form within a form: the outer one is not meant.
    event.stopPropagation();
    if (typed === slug) onConfirm();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="Keep less"
      description="What is removed does not come back when you keep more again."
    >
      <form onSubmit={submit} className="grid gap-4">
        <ul aria-label="What will be removed" className="grid list-disc gap-1.5 pl-5">
          {names.map((name) => (
            <li key={name}>{LIMIT_WORDS[name].removes?.(changes[name] ?? 0)}</li>
          ))}
        </ul>
        <TextField label={`Type ${slug} to confirm`} value={typed} onChange={setTyped} required mono />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="danger" disabled={busy || typed !== slug}>
            Keep less
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
