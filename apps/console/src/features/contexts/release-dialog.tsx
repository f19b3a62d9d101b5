"use client";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { useContextView } from "#features/contexts/context-view.tsx";
import { ReasonDialog } from "#components/reason-dialog.tsx";
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
  const [, release] = useMutation(Release);
  const submit = async (reason: string) => {
    const { data, error } = await release({ input: { contextId: context, number, reason } });
    const result = data?.releaseContextVersion;
    return result?.__typename === "ReleaseContextVersionSuccess" ? null : refusalOf(result, error);
  };
  return (
    <ReasonDialog
      record="the history"
      open={open}
      title={`Release version ${number}`}
      description="Agents may then write the same data again, also that of other versions which is the same. What is current does not change."
      submit="Release"
      act={submit}
      onClose={onClose}
    />
  );
}
