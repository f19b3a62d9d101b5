"use client";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { notify } from "#components/notify.ts";
import { ReasonDialog } from "#components/reason-dialog.tsx";

const Disable = graphql(`
  mutation DisableUser($input: DisableUserInput!) {
    disableUser(input: $input) {
      __typename
      ... on DisableUserSuccess {
        data {
          id
          disabledAt
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

const Enable = graphql(`
  mutation EnableUser($input: EnableUserInput!) {
    enableUser(input: $input) {
      __typename
      ... on EnableUserSuccess {
        data {
          id
          disabledAt
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

interface DisableDialogProps {
  readonly user: { readonly id: string; readonly name: string; readonly disabledAt: string | null };
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Shuts somebody out, or lets them in again. */
export function DisableDialog({ user, onClose, onDone }: DisableDialogProps) {
  const [, disable] = useMutation(Disable);
  const [, enable] = useMutation(Enable);
  const disabled = user.disabledAt !== null;
  const act = async (reason: string) => {
    if (disabled) {
      const { data, error } = await enable({ input: { userId: user.id, reason } });
      if (data?.enableUser.__typename !== "EnableUserSuccess") return refusalOf(data?.enableUser, error);
    } else {
      const { data, error } = await disable({ input: { userId: user.id, reason } });
      if (data?.disableUser.__typename !== "DisableUserSuccess") return refusalOf(data?.disableUser, error);
    }
    notify({ title: disabled ? `${user.name} can sign in again` : `${user.name} is disabled` });
    onDone();
    return null;
  };
  return (
    <ReasonDialog
      title={disabled ? `Enable ${user.name}` : `Disable ${user.name}`}
      description={
        disabled
          ? "They can sign in again, with the roles that they had."
          : "Their sessions end at once, and they cannot sign in. Their roles and what they did stay."
      }
      submit={disabled ? "Enable" : "Disable"}
      danger={!disabled}
      record="the audit log"
      open
      onClose={onClose}
      act={act}
    />
  );
}
