"use client";
import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { SelectField } from "#components/select-field.tsx";
import { ShownOnce } from "#components/shown-once.tsx";
import { useSubmit } from "#components/use-submit.ts";
import { type Overlap, OVERLAPS } from "#features/settings/keys/key-words.ts";

const Rotate = graphql(`
  mutation RotateApiKey($input: RotateApiKeyInput!) {
    rotateApiKey(input: $input) {
      __typename
      ... on RotateApiKeySuccess {
        key
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

interface RotateKeyDialogProps {
  readonly apiKey: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Gives a program another key, and lets the one that it has work on for a while. */
export function RotateKeyDialog({ apiKey: { id, name }, onClose, onDone }: RotateKeyDialogProps) {
  const [, rotate] = useMutation(Rotate);
  const [overlap, setOverlap] = useState<Overlap>("86400");
  const [secret, setSecret] = useState<string | null>(null);
  const { busy, refusal, submit } = useSubmit();
  const attempt = async () => {
    const { data, error } = await rotate({ input: { apiKeyId: id, overlapSeconds: Number(overlap) } });
    const result = data?.rotateApiKey;
    if (result?.__typename !== "RotateApiKeySuccess") return refusalOf(result, error);
    setSecret(result.key);
    onDone();
    return null;
  };
  return (
    <Dialog
      open
      // The key would be lost.
      onOpenChange={(open) => !open && secret === null && onClose()}
      title={secret === null ? `Rotate the key ${name}` : `${name} has a new key`}
      description={
        secret === null
          ? "It gets a new key that may the same. Meanwhile the old one can work on, so that nothing stops."
          : "Put it in the place of the old one."
      }
    >
      <form onSubmit={(event) => void submit(attempt, event)} className="grid gap-4">
        {secret === null ? (
          <SelectField<Overlap>
            label="The old key works for"
            options={OVERLAPS}
            value={overlap}
            onChange={setOverlap}
          />
        ) : (
          <ShownOnce label="Key" secret={secret}>
            Store it where the program reads its secrets. If it is lost, rotate it again.
          </ShownOnce>
        )}
        {refusal !== null && <Problem title={refusal} />}
        <div className="flex justify-end gap-2">
          {secret === null ? (
            <>
              <Button onClick={onClose}>Cancel</Button>
              <Button type="submit" look="primary" disabled={busy}>
                Rotate key
              </Button>
            </>
          ) : (
            <Button look="primary" onClick={onClose}>
              I have stored it
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
