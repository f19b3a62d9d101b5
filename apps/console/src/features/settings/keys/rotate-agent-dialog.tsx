"use client";
import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { AgentKey } from "#components/agent-key.tsx";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { useSubmit } from "#components/use-submit.ts";

const Rotate = graphql(`
  mutation RotateAgentKey($input: RotateAgentKeyInput!) {
    rotateAgentKey(input: $input) {
      __typename
      ... on RotateAgentKeySuccess {
        key
        data {
          id
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

interface RotateAgentDialogProps {
  readonly agent: { readonly id: string; readonly name: string };
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Gives an agent another key, after a word about what becomes of the one it has, and shows it: this once. */
export function RotateAgentDialog({ agent, open, onClose }: RotateAgentDialogProps) {
  const [, rotate] = useMutation(Rotate);
  const [secret, setSecret] = useState<string | null>(null);
  const { busy, refusal, forget, submit } = useSubmit();
  const { id, name } = agent;

  const attempt = async () => {
    const { data, error } = await rotate({ input: { agentId: id } });
    const result = data?.rotateAgentKey;
    if (result?.__typename !== "RotateAgentKeySuccess") return refusalOf(result, error);
    setSecret(result.key);
    return null;
  };

  if (secret !== null) {
    const done = () => {
      setSecret(null);
      onClose();
    };
    return (
      // Not closed by Escape or a click beside it: the key would be lost.
      <Dialog open={open} onOpenChange={() => {}} title={`${name} has a new key`} description="The old one is refused.">
        <AgentKey agentId={id} secret={secret} onDone={done} />
      </Dialog>
    );
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (next) return;
        forget();
        onClose();
      }}
      title={`Rotate the key of ${name}`}
      description="It gets a new key, and those that it had are refused from then on. This cannot be undone."
    >
      <div className="grid gap-4">
        <p>
          Its process has to be started again with the new key. Tasks that it holds until then go to others when their
          leases run out.
        </p>
        {refusal !== null && <Problem title={refusal} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" disabled={busy} onClick={() => void submit(attempt)}>
            Rotate key
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
