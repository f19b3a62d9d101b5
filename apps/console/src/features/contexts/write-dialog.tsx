"use client";
import { useState } from "react";
import { graphql } from "#api/generated/gql.ts";
import { Dialog } from "#components/dialog.tsx";
import { Loading } from "#components/notice.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { VersionProblem } from "#features/contexts/version-problem.tsx";
import { WriteForm } from "#features/contexts/write-form.tsx";
import { useAnswer } from "#live/use-answer.ts";

const BaseQuery = graphql(`
  query WriteBase($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on ContextVersion {
        number
        data
      }
    }
  }
`);

interface WriteDialogProps {
  readonly current: number;
  /** The context's name. */
  readonly name: string;
  readonly onClose: () => void;
}

/** Writes the next version: the data or a change of it, a look at what differs, then the message. */
export function WriteDialog({ current, name, onClose }: WriteDialogProps) {
  const { context } = useContextView();
  const [base, setBase] = useState(current);
  const { data, error } = useAnswer(BaseQuery, { id: `${context}@${base}` });
  const node = data?.node?.__typename === "ContextVersion" ? data.node : null;
  const ready = base === 0 || node?.number === base;
  return (
    <Dialog
      wide
      open
      onOpenChange={(next) => !next && onClose()}
      title={`Write to ${name}`}
      description={
        base === 0 ? "The first version." : `Begins with version ${base}. Agents that use it are told at once.`
      }
    >
      {error && base > 0 ? (
        <VersionProblem error={error} />
      ) : ready ? (
        <WriteForm
          base={{ number: base, data: node?.data ?? {} }}
          newest={current}
          onBase={setBase}
          onClose={onClose}
        />
      ) : (
        <Loading />
      )}
    </Dialog>
  );
}
