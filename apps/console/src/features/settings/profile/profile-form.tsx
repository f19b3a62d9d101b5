"use client";
import { useEffect, useState } from "react";
import { useMutation } from "urql";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { issueAt, NO_ISSUES } from "#api/input-issues.ts";
import { type Refusal, wholeRefusalOf } from "#api/refusal.ts";
import { useInstallationPermissions } from "#api/use-permissions.ts";
import { Button } from "#components/button.tsx";
import { Problem } from "#components/notice.tsx";
import { notify } from "#components/notify.ts";
import { TextField } from "#components/text-field.tsx";
import { useSubmit } from "#components/use-submit.ts";
import { SettingsCard } from "#features/settings/settings-card.tsx";

const FormFragment = graphql(`
  fragment ProfileForm on User {
    id
    name
    email
    version
  }
`);

const Update = graphql(`
  mutation UpdateProfile($input: UpdateProfileInput!) {
    updateProfile(input: $input) {
      __typename
      ... on UpdateProfileSuccess {
        data {
          ...ProfileForm
        }
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

/** One's own name and e-mail address. */
export function ProfileForm({ user: masked }: { readonly user: FragmentType<typeof FormFragment> }) {
  const user = readFragment(FormFragment, masked);
  const mayReaddress = useInstallationPermissions()?.includes("user.manage") ?? false;
  const [, update] = useMutation(Update);
  const [name, setName] = useState(user.name);
  const [email, setEmail] = useState(user.email ?? "");
  const { busy, refusal, submit } = useSubmit<Refusal>();
  const { version } = user;
  useEffect(() => {
    setName(user.name);
    setEmail(user.email ?? "");
    // What was saved here or elsewhere; not each time that it is read.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [version]);
  const changed = name.trim() !== user.name || email.trim() !== (user.email ?? "");
  const attempt = async () => {
    const given = email.trim();
    const { data, error } = await update({
      input: { name: name.trim(), ...(given !== (user.email ?? "") && given !== "" && { email: given }) },
    });
    const result = data?.updateProfile;
    if (result?.__typename !== "UpdateProfileSuccess") return wholeRefusalOf(result, error);
    notify({ title: "Your profile is saved" });
    return null;
  };
  const issues = refusal?.issues ?? NO_ISSUES;
  return (
    <SettingsCard title="You" description="What others see beside what you do.">
      <form onSubmit={(event) => void submit(attempt, event)} className="grid gap-4">
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          problem={issueAt(issues, "name")}
          autoComplete="name"
          maxLength={200}
          required
        />
        <TextField
          label="E-mail"
          type="email"
          value={email}
          onChange={setEmail}
          problem={issueAt(issues, "email")}
          hint={
            mayReaddress
              ? "You sign in with it. Nothing is sent to it."
              : "You sign in with it. Only an admin of the installation can change it."
          }
          disabled={!mayReaddress}
          autoComplete="email"
          maxLength={320}
          required={user.email !== null}
        />
        {refusal !== null && refusal.issues.length === 0 && <Problem title={refusal.message} />}
        <div>
          <Button type="submit" look="primary" disabled={busy || !changed}>
            Save profile
          </Button>
        </div>
      </form>
    </SettingsCard>
  );
}
