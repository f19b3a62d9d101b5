"use client";
import { useMutation } from "urql";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Tag } from "#components/tag.tsx";
import { Ago } from "#components/time.tsx";
import { Until } from "#components/until.tsx";
import { useSubmit } from "#components/use-submit.ts";
import { browserWords } from "#features/settings/sessions/browser-words.ts";

const RowFragment = graphql(`
  fragment SessionRow on Session {
    id
    createdAt
    lastUsedAt
    expiresAt
    address
    userAgent
    current
  }
`);

const End = graphql(`
  mutation EndSession($input: EndSessionInput!) {
    endSession(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
    }
  }
`);

interface SessionRowProps {
  readonly session: FragmentType<typeof RowFragment>;
  readonly onEnded: () => void;
}

/** A place where somebody is signed in, and how to end that. */
export function SessionRow({ session: masked, onEnded }: SessionRowProps) {
  const { id, createdAt, lastUsedAt, expiresAt, address, userAgent, current } = readFragment(RowFragment, masked);
  const [, end] = useMutation(End);
  const { busy, refusal, submit } = useSubmit();
  const name = browserWords(userAgent);
  const attempt = async () => {
    const { data, error } = await end({ input: { sessionId: id } });
    const result = data?.endSession;
    if (result?.__typename !== "EndSessionSuccess") return refusalOf(result, error);
    onEnded();
    return null;
  };
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-5 py-2.5 first:border-t-0">
      <div className="min-w-0 grow">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span title={userAgent ?? undefined} className="font-[550]">
            {name}
          </span>
          {current && <Tag>this one</Tag>}
          {address !== null && <span className="font-mono text-sm text-muted">{address}</span>}
        </p>
        <p className="text-sm text-faint">
          Signed in <Ago at={createdAt} />
          {lastUsedAt !== null && (
            <>
              , last used <Ago at={lastUsedAt} />
            </>
          )}
          , ends <Until at={expiresAt} />
        </p>
        {refusal !== null && (
          <p role="alert" className="text-sm text-danger">
            {refusal}
          </p>
        )}
      </div>
      {!current && (
        <Button disabled={busy} aria-label={`End session: ${name}`} onClick={() => void submit(attempt)}>
          End
        </Button>
      )}
    </li>
  );
}
