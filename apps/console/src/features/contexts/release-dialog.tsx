"use client";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { TextArea } from "#components/text-area.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { refusalOf } from "#api/refusal.ts";

const Release = graphql(`
  mutation ReleaseContextVersion($input: ReleaseContextVersionInput!) {
    releaseContextVersion(input: $input) {
      __typename
      ... on ReleaseContextVersionSuccess {
        data {
          id
          heldSince
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

interface ReleaseDialogProps {
  readonly number: number;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Asks why held data may be written again, and allows it. */
export function ReleaseDialog({ number, open, onClose }: ReleaseDialogProps) {
  const { context } = useContextView();
  const [{ fetching }, release] = useMutation(Release);
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (fetching) return;
    setProblem(null);
    const { data, error } = await release({ input: { contextId: context, number, reason: reason.trim() } });
    if (data?.releaseContextVersion.__typename === "ReleaseContextVersionSuccess") {
      setReason("");
      onClose();
    } else setProblem(refusalOf(data?.releaseContextVersion, error));
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={`Release version ${number}`}
      description="Agents may then write the same data again, also that of other versions which is the same. What is current does not change."
    >
      <form onSubmit={(event) => void submit(event)} className="grid gap-4">
        <TextArea
          label="Reason"
          value={reason}
          onChange={setReason}
          hint="It stands in the history, for those who come after you."
          required
        />
        {problem !== null && <Problem title={problem} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={fetching}>
            Release
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
