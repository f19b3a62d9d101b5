"use client";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { RollbackChoice } from "#api/generated/graphql.ts";
import { refusalOf } from "#api/refusal.ts";
import { useContextView } from "#features/contexts/context-view.tsx";
import { ReasonDialog } from "#components/reason-dialog.tsx";

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
  const [, retry] = useMutation(Retry);
  const [, force] = useMutation(Force);
  const settle = async (reason: string) => {
    const input = { contextId: context, reason, expectedVersion: version };
    if (choice === "FORCE") {
      const { data, error } = await force({ input });
      return data?.forceRollback.__typename === "ForceRollbackSuccess" ? null : refusalOf(data?.forceRollback, error);
    }
    const { data, error } = await retry({ input: { ...input, restartAgents: choice === "RESTART_AGENTS" } });
    return data?.retryRollback.__typename === "RetryRollbackSuccess" ? null : refusalOf(data?.retryRollback, error);
  };
  return (
    <ReasonDialog
      record="the history"
      open
      title={label}
      description={MEANINGS[choice]}
      submit={label}
      act={settle}
      onClose={onClose}
    />
  );
}
