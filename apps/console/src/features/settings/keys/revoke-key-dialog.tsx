"use client";
import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { notify } from "#components/notify.ts";
import { TextArea } from "#components/text-area.tsx";
import { TextField } from "#components/text-field.tsx";
import { useSubmit } from "#components/use-submit.ts";

const Revoke = graphql(`
  mutation RevokeApiKey($input: RevokeApiKeyInput!) {
    revokeApiKey(input: $input) {
      __typename
      ... on RevokeApiKeySuccess {
        data {
          id
          revokedAt
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

interface RevokeKeyDialogProps {
  readonly apiKey: {
    readonly id: string;
    readonly name: string;
    readonly agent: { readonly name: string } | null;
  };
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Ends a key for good, after its name was typed and the reason given. */
export function RevokeKeyDialog({ apiKey: { id, name: given, agent }, onClose, onDone }: RevokeKeyDialogProps) {
  const [, revoke] = useMutation(Revoke);
  const name = agent?.name ?? given;
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const { busy, refusal, submit } = useSubmit();
  const attempt = async () => {
    const { data, error } = await revoke({ input: { apiKeyId: id, reason: reason.trim() } });
    const result = data?.revokeApiKey;
    if (result?.__typename !== "RevokeApiKeySuccess") return refusalOf(result, error);
    notify({ title: `The key ${name} is revoked` });
    onDone();
    onClose();
    return null;
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Revoke the key ${name}`}
      description={
        agent === null
          ? "Whoever uses it is refused at once, and what they have open is closed. This cannot be undone."
          : "The agent is cut off at once, and its tasks go to others when their leases run out. This cannot be undone; it can get a new key."
      }
    >
      <form onSubmit={(event) => void submit(attempt, event)} className="grid gap-4">
        <TextField label={`Type ${name} to confirm`} value={typed} onChange={setTyped} required mono />
        <TextArea
          label="Reason"
          value={reason}
          onChange={setReason}
          hint="It stands in the audit log, for those who come after you."
          required
        />
        {refusal !== null && <Problem title={refusal} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="danger" disabled={busy || typed !== name}>
            Revoke key
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
