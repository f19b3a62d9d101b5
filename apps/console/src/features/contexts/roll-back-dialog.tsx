"use client";
import { type SyntheticEvent, useEffect, useRef, useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { TextArea } from "#components/text-area.tsx";
import { Comparison, type ComparisonLook } from "#features/contexts/comparison.tsx";
import { focusContextHeader } from "#features/contexts/context-header.tsx";
import { refusalOf } from "#api/refusal.ts";
import { RollBackPreview } from "#features/contexts/roll-back-preview.tsx";

const RollBack = graphql(`
  mutation RollBackContext($input: RollBackContextInput!) {
    rollBackContext(input: $input) {
      __typename
      ... on RollBackContextSuccess {
        data {
          id
          rollbackVersion
          ...LiveContext
        }
      }
      ... on Error {
        code
        message
      }
      ... on Conflict {
        actual
      }
    }
  }
`);

interface RollBackDialogProps {
  readonly context: string;
  readonly toVersion: number;
  readonly newest: number;
  readonly open: boolean;
  /** Told what was rolled back to what, once it was: the version that was current, and the one that was written. */
  readonly onClose: (done: { readonly from: number; readonly to: number } | null) => void;
}

/** Shows what a rollback changes, asks why, and makes it: from the version that is shown and no other. */
export function RollBackDialog({ context, toVersion, newest, open, onClose }: RollBackDialogProps) {
  const [{ fetching }, rollBack] = useMutation(RollBack);
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<{ title: string; refused: boolean } | null>(null);
  const [look, setLook] = useState<ComparisonLook>({ mode: "unified", full: false });
  const [openedAt, setOpenedAt] = useState(newest);
  /** The newest that the API has spoken of, when that was before the feed. */
  const [told, setTold] = useState(0);
  const from = Math.max(newest, told);
  /** What the person has before them, and so what is rolled back. */
  const [shown, setShown] = useState(newest);
  const done = useRef(false);
  useEffect(() => {
    if (open) {
      done.current = false;
      return;
    }
    setProblem(null);
    setOpenedAt(newest);
    setShown(newest);
  }, [open, newest]);

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (fetching) return;
    setProblem(null);
    const { data, error } = await rollBack({
      input: { contextId: context, toVersion, reason: reason.trim(), expectedVersion: shown },
    });
    const result = data?.rollBackContext;
    if (result?.__typename === "RollBackContextSuccess") {
      setReason("");
      done.current = true;
      onClose({ from: shown, to: result.data.rollbackVersion ?? shown + 1 });
      return;
    }
    if (result?.__typename === "Conflict") setTold(Number(result.actual));
    setProblem({ title: refusalOf(result, error), refused: result !== undefined });
  };

  return (
    <Dialog
      wide
      open={open}
      onOpenChange={(next) => !next && onClose(null)}
      title={`Roll back to ${toVersion}`}
      description={`What changes in the current version, ${shown}:`}
      // Done, the page shows something else than what led here.
      finalFocus={() => (done.current ? focusContextHeader() : null)}
    >
      <form onSubmit={(event) => void submit(event)} className="grid gap-4">
        {shown > openedAt && (
          <p role="status" className="rounded-md bg-warning-soft px-3 py-2 text-warning tabular-nums">
            {shown === openedAt + 1 ? `Version ${shown} was` : `Versions ${openedAt + 1} to ${shown} were`} written
            since you opened this. What you see is compared with version {shown}.
          </p>
        )}
        <Comparison
          from={`${context}@${from}`}
          to={`${context}@${toVersion}`}
          look={look}
          onLook={setLook}
          onShown={setShown}
          className="max-h-[34vh]"
        />
        <RollBackPreview context={context} toVersion={toVersion} newest={shown} />
        <TextArea
          label="Reason"
          value={reason}
          onChange={setReason}
          hint="It becomes the new version’s message, for those who come after you."
          required
        />
        {problem !== null && (
          <Problem title={problem.title}>
            {problem.refused && "Nothing was rolled back. Look at the changes above, then decide anew."}
          </Problem>
        )}
        <div className="sticky -bottom-4 -mb-4 flex justify-end gap-2 bg-raised py-3">
          <Button onClick={() => onClose(null)}>Cancel</Button>
          <Button type="submit" look="danger" disabled={fetching}>
            Roll back
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
