"use client";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { Role } from "#api/generated/graphql.ts";
import { refusalOf } from "#api/refusal.ts";
import { notify } from "#components/notify.ts";
import { ReasonDialog } from "#components/reason-dialog.tsx";
import { type Reach, reachText, ROLE_WORDS } from "#components/role-words.ts";

const Revoke = graphql(`
  mutation RevokeRole($input: RevokeRoleInput!) {
    revokeRole(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
    }
  }
`);

interface RevokeDialogProps {
  readonly user: { readonly name: string };
  readonly membership: Reach & { readonly id: string; readonly role: Role };
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Takes a role away. */
export function RevokeDialog({ user, membership, onClose, onDone }: RevokeDialogProps) {
  const [, revoke] = useMutation(Revoke);
  const act = async (reason: string) => {
    const { data, error } = await revoke({ input: { membershipId: membership.id, reason } });
    const result = data?.revokeRole;
    if (result?.__typename !== "RevokeRoleSuccess") return refusalOf(result, error);
    notify({ title: `${user.name} no longer has that role` });
    onDone();
    return null;
  };
  return (
    <ReasonDialog
      title={`Take the role of ${user.name} away`}
      description={`They are no longer ${ROLE_WORDS[membership.role]} of ${reachText(membership)}. What they have open there ends at once.`}
      submit="Take role away"
      danger
      record="the audit log"
      open
      onClose={onClose}
      act={act}
    />
  );
}
