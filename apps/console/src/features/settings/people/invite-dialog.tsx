"use client";
import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { Role } from "#api/generated/graphql.ts";
import { issueAt, NO_ISSUES, sentenceOf } from "#api/input-issues.ts";
import { type Refusal, wholeRefusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { notify } from "#components/notify.ts";
import { SelectField } from "#components/select-field.tsx";
import { ShownOnce } from "#components/shown-once.tsx";
import { TextField } from "#components/text-field.tsx";
import { useSubmit } from "#components/use-submit.ts";
import { type Here, type Place, placeInput } from "#features/settings/people/places.ts";
import { RoleChoice } from "#features/settings/people/role-choice.tsx";
import { usePlaces } from "#features/settings/use-places.ts";
import type { ProjectRoute } from "#routes.ts";

const Invite = graphql(`
  mutation InviteUser($input: InviteUserInput!) {
    inviteUser(input: $input) {
      __typename
      ... on InviteUserSuccess {
        data {
          id
        }
        link
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

interface InviteDialogProps {
  readonly project: ProjectRoute;
  readonly here: Here;
  readonly onClose: () => void;
}

/** Gives somebody a role and a link with which they set their password. There is no mail: the link is passed on by hand. */
export function InviteDialog({ project, here, onClose }: InviteDialogProps) {
  const [, invite] = useMutation(Invite);
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("VIEWER");
  const places = usePlaces(project, "member.manage");
  const [place, setPlace] = useState<Place>("workspace" in places ? "workspace" : "project");
  const [link, setLink] = useState<string | null>(null);
  const { busy, refusal, submit } = useSubmit<Refusal>();
  const attempt = async () => {
    const { data, error } = await invite({
      input: {
        email: email.trim(),
        ...(name.trim() !== "" && { name: name.trim() }),
        ...placeInput(place, here),
        role,
      },
    });
    const result = data?.inviteUser;
    if (result?.__typename !== "InviteUserSuccess") return wholeRefusalOf(result, error);
    if (result.link === null) {
      notify({ title: `${email.trim()} has the role now`, description: "They are known here, and sign in as before." });
      onClose();
      return null;
    }
    // Without an own address in its settings, the server leaves out where it is.
    setLink(new URL(result.link, location.origin).href);
    return null;
  };
  const issues = refusal?.issues ?? NO_ISSUES;
  const at = (field: string) => {
    const issue = issueAt(issues, field);
    return issue === undefined ? undefined : sentenceOf(issue);
  };
  if (link !== null) {
    return (
      // Not closed by Escape or a click beside it: the link would be lost.
      <Dialog
        open
        onOpenChange={() => {}}
        title={`${email.trim()} is invited`}
        description="Pass this link on. With it they set a password and are signed in."
      >
        <div className="grid gap-4">
          <ShownOnce label="Link" secret={link}>
            It works once, within 7 days. If it is lost, make a password reset link for them.
          </ShownOnce>
          <div className="flex justify-end">
            <Button look="primary" onClick={onClose}>
              I have passed it on
            </Button>
          </div>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Invite somebody"
      description="They get a role here, and you a link to pass on. Who is known already gets the role alone."
    >
      <form onSubmit={(event) => void submit(attempt, event)} className="grid gap-4">
        <TextField
          label="E-mail"
          type="email"
          value={email}
          onChange={setEmail}
          problem={at("email")}
          maxLength={320}
          required
        />
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          problem={at("name")}
          hint="They can change it. Empty: what stands before the @."
          maxLength={200}
        />
        <RoleChoice value={role} onChange={setRole} />
        <SelectField<Place> label="Where" options={places} value={place} onChange={setPlace} />
        {refusal !== null && <Problem title={refusal.message} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={busy}>
            Invite
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
