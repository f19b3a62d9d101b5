"use client";
import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { ShownOnce } from "#components/shown-once.tsx";
import { useSubmit } from "#components/use-submit.ts";

const MakeLink = graphql(`
  mutation CreatePasswordResetLink($input: CreatePasswordResetLinkInput!) {
    createPasswordResetLink(input: $input) {
      __typename
      ... on CreatePasswordResetLinkSuccess {
        link
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

interface ResetDialogProps {
  readonly user: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
}

/** Makes a link with which somebody sets a new password. */
export function ResetDialog({ user, onClose }: ResetDialogProps) {
  const [, makeLink] = useMutation(MakeLink);
  const [link, setLink] = useState<string | null>(null);
  const { busy, refusal, submit } = useSubmit();
  const attempt = async () => {
    const { data, error } = await makeLink({ input: { userId: user.id } });
    const result = data?.createPasswordResetLink;
    if (result?.__typename !== "CreatePasswordResetLinkSuccess") return refusalOf(result, error);
    // Without an own address in its settings, the server leaves out where it is.
    setLink(new URL(result.link, location.origin).href);
    return null;
  };
  return (
    <Dialog
      open
      // The link would be lost.
      onOpenChange={(open) => !open && link === null && onClose()}
      title={link === null ? `Let ${user.name} set a new password` : `The link for ${user.name}`}
      description={
        link === null
          ? "You get a link to pass on. Whoever opens it sets the password: give it to nobody else. Links made before no longer work."
          : "Pass it on. The password that they have works until they have set the new one."
      }
    >
      <div className="grid gap-4">
        {link !== null && (
          <ShownOnce label="Link" secret={link}>
            It works once, within an hour.
          </ShownOnce>
        )}
        {refusal !== null && <Problem title={refusal} />}
        <div className="flex justify-end gap-2">
          {link === null ? (
            <>
              <Button onClick={onClose}>Cancel</Button>
              <Button look="primary" disabled={busy} onClick={() => void submit(attempt)}>
                Make link
              </Button>
            </>
          ) : (
            <Button look="primary" onClick={onClose}>
              I have passed it on
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
