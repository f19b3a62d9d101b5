"use client";
import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { issueAt, NO_ISSUES, sentenceOf } from "#api/input-issues.ts";
import { type Refusal, wholeRefusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Problem } from "#components/notice.tsx";
import { notify } from "#components/notify.ts";
import { SecretField } from "#components/secret-field.tsx";
import { useSubmit } from "#components/use-submit.ts";
import { SettingsCard } from "#features/settings/settings-card.tsx";

const Change = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
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

interface PasswordFormProps {
  readonly has: boolean;
  /** Without an address there is nothing to sign in with beside it. */
  readonly hasEmail: boolean;
  readonly onChanged: () => void;
}

/** Sets or changes one's own password. */
export function PasswordForm({ has, hasEmail, onChanged }: PasswordFormProps) {
  const [, change] = useMutation(Change);
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const { busy, refusal, submit } = useSubmit<Refusal>();
  const attempt = async () => {
    const { data, error } = await change({
      input: { newPassword: password, ...(has && { currentPassword: current }) },
    });
    const result = data?.changePassword;
    if (result?.__typename !== "ChangePasswordSuccess") return wholeRefusalOf(result, error);
    setCurrent("");
    setPassword("");
    onChanged();
    notify({
      title: has ? "Your password is changed" : "Your password is set",
      description: "Your other sessions have ended.",
    });
    return null;
  };
  const issues = refusal?.issues ?? NO_ISSUES;
  const at = (field: string) => {
    const issue = issueAt(issues, field);
    return issue === undefined ? undefined : sentenceOf(issue);
  };
  return (
    <SettingsCard
      title="Password"
      description={
        has
          ? "Your other sessions end when you change it."
          : "You have none: so far you sign in by links or a provider."
      }
    >
      <form onSubmit={(event) => void submit(attempt, event)} className="grid gap-4">
        {has && (
          <SecretField
            label="Current password"
            value={current}
            onChange={setCurrent}
            autoComplete="current-password"
            problem={at("currentPassword")}
            required
          />
        )}
        <SecretField
          label="New password"
          value={password}
          onChange={setPassword}
          autoComplete="new-password"
          hint="At least 12 characters. A few words that do not belong together are strong, and easy to keep in mind."
          problem={at("newPassword")}
          required
        />
        {refusal !== null && refusal.issues.length === 0 && <Problem title={refusal.message} />}
        {!hasEmail && <p className="text-muted">Save your e-mail address above first: you sign in with both.</p>}
        <div>
          <Button
            type="submit"
            look="primary"
            disabled={busy || !hasEmail || password === "" || (has && current === "")}
          >
            {has ? "Change password" : "Set password"}
          </Button>
        </div>
      </form>
    </SettingsCard>
  );
}
