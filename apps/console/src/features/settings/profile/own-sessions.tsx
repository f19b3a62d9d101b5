"use client";
import { useMutation } from "urql";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Problem } from "#components/notice.tsx";
import { notify } from "#components/notify.ts";
import { numberText } from "#components/number-text.ts";
import { useSubmit } from "#components/use-submit.ts";
import { SessionRow } from "#features/settings/sessions/session-row.tsx";
import { SettingsCard } from "#features/settings/settings-card.tsx";

const OwnSessionsFragment = graphql(`
  fragment OwnSessions on User {
    id
    sessions(first: 50) {
      totalCount
      edges {
        node {
          id
          ...SessionRow
        }
      }
    }
  }
`);

const EndOthers = graphql(`
  mutation EndOtherSessions($input: EndOtherSessionsInput!) {
    endOtherSessions(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
    }
  }
`);

interface OwnSessionsProps {
  readonly user: FragmentType<typeof OwnSessionsFragment>;
  readonly onChanged: () => void;
}

/** Where one is signed in. */
export function OwnSessions({ user, onChanged }: OwnSessionsProps) {
  const {
    sessions: { totalCount, edges },
  } = readFragment(OwnSessionsFragment, user);
  const [, endOthers] = useMutation(EndOthers);
  const { busy, refusal, submit } = useSubmit();
  const attempt = async () => {
    const { data, error } = await endOthers({ input: {} });
    const result = data?.endOtherSessions;
    if (result?.__typename !== "EndOtherSessionsSuccess") return refusalOf(result, error);
    onChanged();
    notify({ title: "Your other sessions have ended" });
    return null;
  };
  const hidden = totalCount - edges.length;
  return (
    <SettingsCard
      title="Sessions"
      description="Where you are signed in. One that you end stops at once, also where it is open."
    >
      <div className="-mx-5 -my-4">
        <ul aria-label="Sessions">
          {edges.map(({ node }) => (
            <SessionRow key={node.id} session={node} onEnded={onChanged} />
          ))}
          {hidden > 0 && <li className="border-t border-line px-5 py-2 text-muted">and {numberText(hidden)} more</li>}
        </ul>
        {refusal !== null && (
          <div className="px-5 pb-3">
            <Problem title={refusal} />
          </div>
        )}
        {totalCount > 1 && (
          <div className="border-t border-line px-5 py-3">
            <Button look="danger" disabled={busy} onClick={() => void submit(attempt)}>
              End all others
            </Button>
          </div>
        )}
      </div>
    </SettingsCard>
  );
}
