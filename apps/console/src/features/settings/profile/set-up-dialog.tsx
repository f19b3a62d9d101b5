"use client";
import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { Button } from "#components/button.tsx";
import { CopyButton } from "#components/copy-button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { TextField } from "#components/text-field.tsx";
import { useSubmit } from "#components/use-submit.ts";
import { ProofDialog, refusedProof } from "#features/settings/profile/proof-dialog.tsx";
import { QrCode } from "#features/settings/profile/qr-code.tsx";
import { RecoveryCodes } from "#features/settings/profile/recovery-codes.tsx";

const Start = graphql(`
  mutation StartTotp($input: StartTotpInput!) {
    startTotp(input: $input) {
      __typename
      ... on StartTotpSuccess {
        secret
        uri
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

const Confirm = graphql(`
  mutation ConfirmTotp($input: ConfirmTotpInput!) {
    confirmTotp(input: $input) {
      __typename
      ... on ConfirmTotpSuccess {
        recoveryCodes
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

interface SetUpDialogProps {
  readonly onClose: (changed: boolean) => void;
}

/** Shows the secret to an authenticator, has a first code typed, and then shows the recovery codes. */
export function SetUpDialog({ onClose }: SetUpDialogProps) {
  const [, start] = useMutation(Start);
  const [, confirm] = useMutation(Confirm);
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState<{ readonly secret: string; readonly uri: string } | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [code, setCode] = useState("");
  const { busy, refusal, submit } = useSubmit();

  const begin = async () => {
    const { data, error } = await start({ input: { password } });
    const result = data?.startTotp;
    if (result?.__typename !== "StartTotpSuccess") return refusedProof(result, error);
    setShown(result);
    return null;
  };
  const finish = async () => {
    const { data, error } = await confirm({ input: { code: code.replaceAll(/\s/g, "") } });
    const result = data?.confirmTotp;
    if (result?.__typename !== "ConfirmTotpSuccess") return refusedProof(result, error);
    setCodes(result.recoveryCodes);
    return null;
  };

  if (codes !== null) {
    return (
      // Not closed by Escape or a click beside it: the codes would be lost.
      <Dialog
        open
        onOpenChange={() => {}}
        title="Your authenticator is on"
        description="Keep these recovery codes now."
      >
        <RecoveryCodes codes={codes} onDone={() => onClose(true)} />
      </Dialog>
    );
  }
  if (shown === null) {
    return (
      <ProofDialog
        title="Set up an authenticator"
        description="An app on your phone or computer that shows a new code every half minute."
        submit="Continue"
        password={password}
        onPassword={setPassword}
        busy={busy}
        refusal={refusal}
        onSubmit={(event) => void submit(begin, event)}
        onClose={() => onClose(false)}
      />
    );
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose(false)}
      title="Set up an authenticator"
      description="Scan the code with the app, then type the six digits that it shows."
    >
      <form onSubmit={(event) => void submit(finish, event)} className="grid gap-4">
        <div className="flex flex-wrap items-start gap-4">
          <QrCode text={shown.uri} label="QR code for the authenticator" />
          <div className="grid min-w-0 flex-1 basis-32 gap-1.5">
            <span className="font-[550]">Or type this</span>
            <output aria-label="Secret" className="font-mono text-sm leading-5 wrap-anywhere select-all">
              {spaced(shown.secret)}
            </output>
            <div>
              <CopyButton text={() => shown.secret}>secret</CopyButton>
            </div>
          </div>
        </div>
        <TextField
          label="Code"
          value={code}
          onChange={setCode}
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={10}
          mono
          required
        />
        {refusal !== null && <Problem title={refusal} />}
        <div className="flex justify-end gap-2">
          <Button onClick={() => onClose(false)}>Cancel</Button>
          <Button type="submit" look="primary" disabled={busy}>
            Turn on
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** In fours, as people read it out. */
function spaced(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(" ") ?? secret;
}
