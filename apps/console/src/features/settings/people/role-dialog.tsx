"use client";
import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { Role } from "#api/generated/graphql.ts";
import { refusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { notify } from "#components/notify.ts";
import { reachText, type Reach, ROLE_WORDS } from "#components/role-words.ts";
import { SelectField } from "#components/select-field.tsx";
import { useSubmit } from "#components/use-submit.ts";
import { type Here, type Place, placeInput } from "#features/settings/people/places.ts";
import { RoleChoice } from "#features/settings/people/role-choice.tsx";
import { usePlaces } from "#features/settings/use-places.ts";
import type { ProjectRoute } from "#routes.ts";

const Change = graphql(`
  mutation ChangeRole($input: ChangeRoleInput!) {
    changeRole(input: $input) {
      __typename
      ... on ChangeRoleSuccess {
        data {
          id
          role
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

const Grant = graphql(`
  mutation GrantRole($input: GrantRoleInput!) {
    grantRole(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
    }
  }
`);

interface RoleDialogProps {
  readonly user: { readonly id: string; readonly name: string };
  /** The role that is changed; null: another one is given. */
  readonly membership: (Reach & { readonly id: string; readonly role: Role; readonly version: number }) | null;
  readonly project: ProjectRoute;
  readonly here: Here;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Gives somebody another role, in place of one that they have or beside it. */
export function RoleDialog({ user, membership, project, here, onClose, onDone }: RoleDialogProps) {
  const [, change] = useMutation(Change);
  const [, grant] = useMutation(Grant);
  const [role, setRole] = useState<Role>(membership?.role ?? "VIEWER");
  const [place, setPlace] = useState<Place>("project");
  const places = usePlaces(project, "member.manage");
  const { busy, refusal, submit } = useSubmit();
  const attempt = async () => {
    if (membership === null) {
      const { data, error } = await grant({ input: { userId: user.id, ...placeInput(place, here), role } });
      const result = data?.grantRole;
      if (result?.__typename !== "GrantRoleSuccess") return refusalOf(result, error);
      notify({ title: `${user.name} has another role` });
    } else {
      const { data, error } = await change({
        input: { membershipId: membership.id, role, expectedVersion: membership.version },
      });
      const result = data?.changeRole;
      if (result?.__typename !== "ChangeRoleSuccess") return refusalOf(result, error);
      notify({ title: `${user.name} is ${ROLE_WORDS[role]} now` });
    }
    onDone();
    onClose();
    return null;
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={membership === null ? `Give ${user.name} a role` : `Change the role of ${user.name}`}
      description={
        membership === null
          ? "It counts beside those that they have."
          : `In ${reachText(membership)}. What they have open follows at once.`
      }
    >
      <form onSubmit={(event) => void submit(attempt, event)} className="grid gap-4">
        <RoleChoice value={role} onChange={setRole} />
        {membership === null && <SelectField<Place> label="Where" options={places} value={place} onChange={setPlace} />}
        {refusal !== null && <Problem title={refusal} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={busy || role === membership?.role}>
            {membership === null ? "Give role" : "Change role"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
