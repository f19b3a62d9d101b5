"use client";
import type { SyntheticEvent } from "react";
import type { CombinedError } from "urql";
import { type InputIssue, sentenceOf } from "#api/input-issues.ts";
import { refusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { SecretField } from "#components/secret-field.tsx";

interface ProofDialogProps {
  readonly title: string;
  readonly description: string;
  /** What the button says. */
  readonly submit: string;
  readonly danger?: boolean;
  readonly password: string;
  readonly onPassword: (password: string) => void;
  readonly busy: boolean;
  readonly refusal: string | null;
  readonly onSubmit: (event: SyntheticEvent) => void;
  readonly onClose: () => void;
}

/** Has the password typed, before something that an open session alone must not do. */
export function ProofDialog(props: ProofDialogProps) {
  const { title, description, submit, danger = false, password, onPassword, busy, refusal, onSubmit, onClose } = props;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title} description={description}>
      <form onSubmit={onSubmit} className="grid gap-4">
        <SecretField
          label="Password"
          value={password}
          onChange={onPassword}
          autoComplete="current-password"
          hint="To show that it is you who asks."
          required
        />
        {refusal !== null && <Problem title={refusal} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look={danger ? "danger" : "primary"} disabled={busy}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface Result {
  readonly __typename: string;
  readonly message?: string;
  readonly issues?: readonly InputIssue[];
}

/** Why a proof was not taken: "The password is not right." */
export function refusedProof(result: Result | undefined, error: CombinedError | undefined): string {
  const issue = result?.issues?.[0];
  if (issue === undefined) return refusalOf(result, error);
  const field = issue.path[0];
  return field === undefined ? sentenceOf(issue.message) : `The ${field} ${issue.message}`;
}
