"use client";
import { useEffect, useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { notifyDone } from "#components/notify.ts";
import { TextField } from "#components/text-field.tsx";
import { useSubmit } from "#components/use-submit.ts";

const RenameWorkspace = graphql(`
  mutation RenameWorkspace($input: UpdateWorkspaceInput!) {
    updateWorkspace(input: $input) {
      __typename
      ... on UpdateWorkspaceSuccess {
        data {
          id
          name
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

interface RenameDialogProps {
  readonly workspace: {
    readonly id: string;
    readonly slug: string;
    readonly name: string;
    readonly version: number;
  };
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Gives a workspace another name for people. */
export function RenameDialog({ workspace, open, onClose }: RenameDialogProps) {
  const [, update] = useMutation(RenameWorkspace);
  const [name, setName] = useState(workspace.name);
  const { busy, refusal, forget, submit } = useSubmit();
  useEffect(() => {
    if (!open) return;
    setName(workspace.name);
    forget();
    // Only what it was called when the dialog opened: not what somebody else calls it meanwhile.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [open]);

  const rename = async (to: string, expectedVersion: number): Promise<string | null> => {
    const { data, error } = await update({ input: { workspaceId: workspace.id, name: to, expectedVersion } });
    const result = data?.updateWorkspace;
    return result?.__typename === "UpdateWorkspaceSuccess" ? null : refusalOf(result, error);
  };
  const attempt = async () => {
    const before = workspace;
    const refused = await rename(name.trim(), before.version);
    if (refused !== null) return refused;
    onClose();
    notifyDone(`The workspace is named ${name.trim()}`, () => rename(before.name, before.version + 1));
    return null;
  };

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={`Rename ${workspace.slug}`}
      description="The name is for people. Addresses and programs use the slug, which stays."
    >
      <form onSubmit={(event) => void submit(attempt, event)} className="grid gap-4">
        <TextField label="Name" value={name} onChange={setName} required maxLength={200} />
        {refusal !== null && <Problem title={refusal} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={busy || name.trim() === workspace.name}>
            Rename
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
