"use client";
import { useState } from "react";
import type { RollbackChoice } from "#api/generated/graphql.ts";
import { Button } from "#components/button.tsx";
import { SettleDialog } from "#features/contexts/settle-dialog.tsx";

const LABELS: Readonly<Record<RollbackChoice, string>> = {
  RETRY: "Ask again",
  RESTART_AGENTS: "Restart agents and ask",
  FORCE: "Declare it done",
};

interface RollbackChoicesProps {
  readonly choices: readonly RollbackChoice[];
  /** The version that the rollback appended. */
  readonly version: number;
}

/** What can be done about a rollback that not every agent has confirmed, each after a reason. */
export function RollbackChoices({ choices, version }: RollbackChoicesProps) {
  const [open, setOpen] = useState<RollbackChoice | null>(null);
  return (
    <>
      {choices.map((choice) => (
        <Button key={choice} onClick={() => setOpen(choice)}>
          {LABELS[choice]}
        </Button>
      ))}
      {open !== null && (
        <SettleDialog choice={open} label={LABELS[open]} version={version} onClose={() => setOpen(null)} />
      )}
    </>
  );
}
