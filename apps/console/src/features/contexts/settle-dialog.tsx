"use client";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { RollbackChoice } from "#api/generated/graphql.ts";
import { refusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { TextArea } from "#components/text-area.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";

const Retry = graphql(`
  mutation RetryRollback($input: RetryRollbackInput!) {
    retryRollback(input: $input) {
      __typename
      ... on RetryRollbackSuccess {
        data {
          id
          ...RollbackPanel
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

const Force = graphql(`
  mutation ForceRollback($input: ForceRollbackInput!) {
    forceRollback(input: $input) {
      __typename
      ... on ForceRollbackSuccess {
        data {
          id
          ...RollbackPanel
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

const MEANINGS: Readonly<Record<RollbackChoice, string>> = {
  RETRY: "Agents that have not confirmed are asked once more, and have the whole time again. What they run goes on.",
  RESTART_AGENTS:
    "Agents that have not confirmed finish what they run, restart, and load the version as they come up. They get no new tasks until then.",
  FORCE:
    "The rollback counts as succeeded, although agents have not confirmed it. Their answers stay in the history, with your name and reason.",
};

interface SettleDialogProps {
  readonly choice: RollbackChoice;
  readonly label: string;
  readonly version: number;
  readonly onClose: () => void;
}

/** Asks why, and carries the choice out: refused when another rollback has been made meanwhile. */
export function SettleDialog({ choice, label, version, onClose }: SettleDialogProps) {
  const { context } = useContextView();
  const [retrying, retry] = useMutation(Retry);
  const [forcing, force] = useMutation(Force);
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const busy = retrying.fetching || forcing.fetching;
  const settle = async () => {
    const input = { contextId: context, reason: reason.trim(), expectedVersion: version };
    if (choice === "FORCE") {
      const { data, error } = await force({ input });
      return { result: data?.forceRollback, error };
    }
    const { data, error } = await retry({ input: { ...input, restartAgents: choice === "RESTART_AGENTS" } });
    return { result: data?.retryRollback, error };
  };
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (busy) return;
    setProblem(null);
    const { result, error } = await settle();
    if (result && "data" in result) onClose();
    else setProblem(refusalOf(result, error));
  };
  return (
    <Dialog open onOpenChange={(next) => !next && onClose()} title={label} description={MEANINGS[choice]}>
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
            {label}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
