"use client";
import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { Dialog } from "#components/dialog.tsx";
import { useSubmit } from "#components/use-submit.ts";
import { ProofDialog, refusedProof } from "#features/settings/profile/proof-dialog.tsx";
import { RecoveryCodes } from "#features/settings/profile/recovery-codes.tsx";

const Regenerate = graphql(`
  mutation RegenerateRecoveryCodes($input: RegenerateRecoveryCodesInput!) {
    regenerateRecoveryCodes(input: $input) {
      __typename
      ... on RegenerateRecoveryCodesSuccess {
        recoveryCodes
      }
      ... on Error {
        code
        message
      }
      ... on InvalidInput {
        issues {
          path
          message
        }
      }
    }
  }
`);

interface NewCodesDialogProps {
  readonly onClose: (changed: boolean) => void;
}

/** Makes other recovery codes, for when those before are used up or lost. */
export function NewCodesDialog({ onClose }: NewCodesDialogProps) {
  const [, regenerate] = useMutation(Regenerate);
  const [password, setPassword] = useState("");
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const { busy, refusal, submit } = useSubmit();
  const attempt = async () => {
    const { data, error } = await regenerate({ input: { password } });
    const result = data?.regenerateRecoveryCodes;
    if (result?.__typename !== "RegenerateRecoveryCodesSuccess") return refusedProof(result, error);
    setCodes(result.recoveryCodes);
    return null;
  };
  if (codes === null) {
    return (
      <ProofDialog
        title="New recovery codes"
        description="Those that you have no longer work then."
        submit="Make new codes"
        password={password}
        onPassword={setPassword}
        busy={busy}
        refusal={refusal}
        onSubmit={(event) => void submit(attempt, event)}
        onClose={() => onClose(false)}
      />
    );
  }
  return (
    // Not closed by Escape or a click beside it: the codes would be lost.
    <Dialog open onOpenChange={() => {}} title="New recovery codes" description="Those before no longer work.">
      <RecoveryCodes codes={codes} onDone={() => onClose(true)} />
    </Dialog>
  );
}
