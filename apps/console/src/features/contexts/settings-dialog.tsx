"use client";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { Dialog } from "#components/dialog.tsx";
import { Loading } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { SettingsForm } from "#features/contexts/settings-form.tsx";

const SettingsQuery = graphql(`
  query ContextSettings($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Context {
        ...SettingsForm
      }
    }
  }
`);

/** What data has to be like, and for how long it is kept. */
export function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const { context } = useContextView();
  const [{ data, error }] = useQuery({
    query: SettingsQuery,
    variables: { id: context },
    requestPolicy: "network-only",
  });
  return (
    <Dialog
      wide
      open
      onOpenChange={(next) => !next && onClose()}
      title="Settings of this context"
      description="What its data has to be like, and how much of it is kept."
    >
      <QueryState data={data} error={error}>
        {({ node }) =>
          node?.__typename === "Context" ? <SettingsForm context={node} onClose={onClose} /> : <Loading />
        }
      </QueryState>
    </Dialog>
  );
}
