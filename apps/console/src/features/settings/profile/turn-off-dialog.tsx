"use client";
import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { notify } from "#components/notify.ts";
import { useSubmit } from "#components/use-submit.ts";
import { ProofDialog, refusedProof } from "#features/settings/profile/proof-dialog.tsx";

const TurnOff = graphql(`
  mutation DisableTotp($input: DisableTotpInput!) {
    disableTotp(input: $input) {
      __typename
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

interface TurnOffDialogProps {
  readonly onClose: (changed: boolean) => void;
}

/** Turns the authenticator off, once who asks has shown again who they are. */
export function TurnOffDialog({ onClose }: TurnOffDialogProps) {
  const [, turnOff] = useMutation(TurnOff);
  const [password, setPassword] = useState("");
  const { busy, refusal, submit } = useSubmit();
  const attempt = async () => {
    const { data, error } = await turnOff({ input: { password } });
    const result = data?.disableTotp;
    if (result?.__typename !== "DisableTotpSuccess") return refusedProof(result, error);
    notify({ title: "Your authenticator is off" });
    onClose(true);
    return null;
  };
  return (
    <ProofDialog
      title="Turn off your authenticator"
      description="From then on your password alone signs you in. Your recovery codes and your other sessions end."
      submit="Turn off"
      danger
      password={password}
      onPassword={setPassword}
      busy={busy}
      refusal={refusal}
      onSubmit={(event) => void submit(attempt, event)}
      onClose={() => onClose(false)}
    />
  );
}
