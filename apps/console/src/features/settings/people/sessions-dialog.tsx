"use client";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { Dialog } from "#components/dialog.tsx";
import { Empty, Loading, Problem } from "#components/notice.tsx";
import { SessionRow } from "#features/settings/sessions/session-row.tsx";

const SessionsQuery = graphql(`
  query UserSessions($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on User {
        sessions(first: 50) {
          edges {
            node {
              id
              ...SessionRow
            }
          }
        }
      }
    }
  }
`);

interface SessionsDialogProps {
  readonly user: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
}

/** Where somebody is signed in. */
export function SessionsDialog({ user, onClose }: SessionsDialogProps) {
  const [{ data, error }, read] = useQuery({
    query: SessionsQuery,
    variables: { id: user.id },
    requestPolicy: "network-only",
  });
  const sessions = data?.node?.__typename === "User" ? data.node.sessions.edges : undefined;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Sessions of ${user.name}`}
      description="One that you end stops at once, also where it is open."
    >
      {error ? (
        <Problem title={error.graphQLErrors[0]?.message ?? "Muster cannot be reached. Try again."} />
      ) : sessions === undefined ? (
        <Loading lines={3} />
      ) : sessions.length === 0 ? (
        <Empty title={`${user.name} is not signed in anywhere`} />
      ) : (
        <ul aria-label="Sessions" className="-mx-5 -my-4">
          {sessions.map(({ node }) => (
            <SessionRow key={node.id} session={node} onEnded={() => read({ requestPolicy: "network-only" })} />
          ))}
        </ul>
      )}
    </Dialog>
  );
}
