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
import { SelectField } from "#components/select-field.tsx";
import { ShownOnce } from "#components/shown-once.tsx";
import { TextField } from "#components/text-field.tsx";
import { useSubmit } from "#components/use-submit.ts";
import { expiryOf, type Lifetime, LIFETIMES } from "#features/settings/keys/key-words.ts";
import { PermissionChoice } from "#features/settings/keys/permission-choice.tsx";
import { type Here, type Place, placeInput } from "#features/settings/people/places.ts";
import { RoleChoice } from "#features/settings/people/role-choice.tsx";
import { usePlaces } from "#features/settings/use-places.ts";
import type { ProjectRoute } from "#routes.ts";

const Create = graphql(`
  mutation CreateApiKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      __typename
      ... on CreateApiKeySuccess {
        key
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

interface CreateKeyDialogProps {
  readonly project: ProjectRoute;
  readonly here: Here;
  readonly onClose: () => void;
}

/** Makes a key for a program: what it may, where, and for how long; and shows it this once. */
export function CreateKeyDialog({ project, here, onClose }: CreateKeyDialogProps) {
  const [, create] = useMutation(Create);
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("VIEWER");
  /** null: all of the role's. */
  const [permissions, setPermissions] = useState<readonly string[] | null>(null);
  const [place, setPlace] = useState<Place>("project");
  const places = usePlaces(project, "key.manage");
  const [lifetime, setLifetime] = useState<Lifetime>("90");
  const [secret, setSecret] = useState<string | null>(null);
  const { busy, refusal, submit } = useSubmit<Refusal>();
  const attempt = async () => {
    const { data, error } = await create({
      input: {
        name: name.trim(),
        ...placeInput(place, here),
        role,
        ...(permissions !== null && { permissions: [...permissions] }),
        expiresAt: expiryOf(lifetime, Date.now()),
      },
    });
    const result = data?.createApiKey;
    if (result?.__typename !== "CreateApiKeySuccess") return wholeRefusalOf(result, error);
    setSecret(result.key);
    return null;
  };
  if (secret !== null) {
    const start = `curl -H "authorization: Bearer ${secret}" -H "content-type: application/json" \\\n  -d '{"query":"{ viewer { actor { name } } }"}' ${location.origin}/graphql`;
    return (
      // Not closed by Escape or a click beside it: the key would be lost.
      <Dialog open onOpenChange={() => {}} title={`The key ${name.trim()} is made`}>
        <div className="grid gap-4">
          <ShownOnce label="Key" secret={secret}>
            Store it where the program reads its secrets. If it is lost, rotate it.
          </ShownOnce>
          <pre
            tabIndex={0}
            role="region"
            aria-label="Try it"
            className="overflow-x-auto rounded-md border border-line bg-sunken p-3 font-mono text-xs leading-5"
          >
            {start}
          </pre>
          <div className="flex justify-end">
            <Button look="primary" onClick={onClose}>
              I have stored it
            </Button>
          </div>
        </div>
      </Dialog>
    );
  }
  const issues = refusal?.issues ?? NO_ISSUES;
  const issue = issueAt(issues, "name");
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Create API key"
      description="For a program. It acts under its own name, and may no more than you may yourself."
    >
      <form onSubmit={(event) => void submit(attempt, event)} className="grid gap-4">
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          problem={issue === undefined ? undefined : sentenceOf(issue)}
          hint="What it is for: it stands beside all that is done with the key."
          maxLength={200}
          required
        />
        <RoleChoice
          value={role}
          onChange={(chosen) => {
            setRole(chosen);
            setPermissions(null);
          }}
        />
        <PermissionChoice role={role} value={permissions} onChange={setPermissions} />
        <SelectField<Place> label="Where" options={places} value={place} onChange={setPlace} />
        <SelectField<Lifetime> label="It works for" options={LIFETIMES} value={lifetime} onChange={setLifetime} />
        {refusal !== null && <Problem title={refusal.message} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={busy || permissions?.length === 0}>
            Create key
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
