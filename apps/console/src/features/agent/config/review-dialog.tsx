"use client";
import { useState } from "react";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { useLatest } from "#components/use-latest.ts";
import { type AgentSettings, changedParts } from "#features/agent/config/agent-settings.ts";
import { ValueDiff } from "#components/diff/value-diff.tsx";

interface ReviewDialogProps {
  readonly name: string;
  readonly before: AgentSettings;
  /** Null: closed. */
  readonly after: AgentSettings | null;
  readonly onClose: () => void;
  readonly onSave: () => Promise<void>;
}

/** What would be saved, as a difference from what the agent has now. */
export function ReviewDialog({ name, before, after, onClose, onSave }: ReviewDialogProps) {
  const [busy, setBusy] = useState(false);
  const shown = useLatest(after, after !== null);
  const parts = shown === null ? [] : changedParts(before, shown);
  const only = (settings: AgentSettings) => Object.fromEntries(parts.map((part) => [part, settings[part]]));
  const save = async () => {
    setBusy(true);
    await onSave();
    setBusy(false);
  };
  return (
    <Dialog
      open={after !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`Change ${name}`}
      description={
        parts.includes("config")
          ? "A process reads its config when it starts: restart the agent for it to be used."
          : "It takes effect at once."
      }
      wide
    >
      <div className="grid gap-4">
        {shown && <ValueDiff label="Changes" before={only(before)} after={only(shown)} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Back</Button>
          <Button look="primary" disabled={busy} onClick={() => void save()}>
            Save
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
