"use client";
import { useState } from "react";
import type { RollbackChoice } from "#api/generated/graphql.ts";
import { Button } from "#components/button.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
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
  /** The one agent that has not confirmed; null when there are more. */
  readonly only: string | null;
}

/** What can be done about a rollback that not every agent has confirmed, each after a reason. */
export function RollbackChoices({ choices, version, only }: RollbackChoicesProps) {
  const { may } = useContextView();
  const [open, setOpen] = useState<RollbackChoice | null>(null);
  return (
    <>
      {choices.map((choice) => {
        const missing = ["context.rollBack", ...(choice === "RESTART_AGENTS" ? ["agent.transition"] : [])].find(
          (permission) => !may(permission),
        );
        return (
          <Button
            key={choice}
            disabled={missing !== undefined}
            title={missing === undefined ? undefined : `You need the permission ${missing}.`}
            onClick={() => setOpen(choice)}
          >
            {labelOf(choice, only)}
          </Button>
        );
      })}
      {open !== null && (
        <SettleDialog choice={open} label={labelOf(open, only)} version={version} onClose={() => setOpen(null)} />
      )}
    </>
  );
}

function labelOf(choice: RollbackChoice, only: string | null): string {
  return choice === "RESTART_AGENTS" && only !== null ? `Restart ${only} and ask` : LABELS[choice];
}
