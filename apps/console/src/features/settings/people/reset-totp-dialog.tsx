"use client";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { notify } from "#components/notify.ts";
import { ReasonDialog } from "#components/reason-dialog.tsx";

const ResetTotp = graphql(`
  mutation ResetTotp($input: ResetTotpInput!) {
    resetTotp(input: $input) {
      __typename
      ... on ResetTotpSuccess {
        data {
          id
          totpEnabled
          version
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

interface ResetTotpDialogProps {
  readonly user: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Lets somebody in again who has lost their authenticator and their recovery codes. */
export function ResetTotpDialog({ user, onClose, onDone }: ResetTotpDialogProps) {
  const [, resetTotp] = useMutation(ResetTotp);
  const act = async (reason: string) => {
    const { data, error } = await resetTotp({ input: { userId: user.id, reason } });
    const result = data?.resetTotp;
    if (result?.__typename !== "ResetTotpSuccess") return refusalOf(result, error);
    notify({ title: `The authenticator of ${user.name} is off` });
    onDone();
    return null;
  };
  return (
    <ReasonDialog
      title={`Turn off the authenticator of ${user.name}`}
      description="From then on their password alone signs them in, until they set up another one. Their sessions end. Be sure that it is they who ask."
      submit="Turn off"
      danger
      record="the audit log"
      open
      onClose={onClose}
      act={act}
    />
  );
}
