import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Tag } from "#components/tag.tsx";
import { Ago, exactText } from "#components/time.tsx";

export const PersonFragment = graphql(`
  fragment Person on User {
    id
    name
    email
    disabledAt
    lastSignedInAt
    hasPassword
    totpEnabled
  }
`);

interface PersonProps {
  readonly user: FragmentType<typeof PersonFragment>;
  readonly isSelf: boolean;
}

/** Who somebody is, and what is to know about them. */
export function Person({ user: masked, isSelf }: PersonProps) {
  const { name, email, disabledAt, lastSignedInAt, totpEnabled } = readFragment(PersonFragment, masked);
  return (
    <div className="min-w-0">
      <p className="flex flex-wrap items-baseline gap-x-1.5">
        <span className={`truncate font-[550] ${disabledAt === null ? "" : "text-muted line-through"}`}>{name}</span>
        {isSelf && <Tag>you</Tag>}
        {disabledAt !== null && (
          <span title={exactText(disabledAt)}>
            <Tag>disabled</Tag>
          </span>
        )}
        {disabledAt === null && lastSignedInAt === null && <Tag>invited</Tag>}
        {totpEnabled && (
          <span title="Signs in with an authenticator, too">
            <Tag>2 steps</Tag>
          </span>
        )}
      </p>
      <p className="truncate text-sm text-faint">{email ?? "no e-mail address"}</p>
    </div>
  );
}

/** When somebody came last. */
export function LastSignedIn({ at }: { readonly at: string | null }) {
  return at === null ? <span className="text-faint">never</span> : <Ago at={at} />;
}
