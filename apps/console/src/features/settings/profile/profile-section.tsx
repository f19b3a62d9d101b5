"use client";
import { graphql } from "#api/generated/gql.ts";
import { Empty } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { Authenticator } from "#features/settings/profile/authenticator.tsx";
import { OwnSessions } from "#features/settings/profile/own-sessions.tsx";
import { PasswordForm } from "#features/settings/profile/password-form.tsx";
import { ProfileForm } from "#features/settings/profile/profile-form.tsx";
import { SettingsCard } from "#features/settings/settings-card.tsx";
import { useLiveQuery } from "#live/use-live-query.ts";
import { useReadInFront } from "#live/use-read-in-front.ts";

const ProfileQuery = graphql(`
  query Profile {
    viewer {
      cursor
      actor {
        name
      }
      user {
        id
        hasPassword
        email
        ...ProfileForm
        ...Authenticator
        ...OwnSessions
        identities {
          issuer
          email
        }
      }
    }
  }
`);

/** What happens to the reader's account, also in another browser, and in which they are signed in. */
const AccountFeed = graphql(`
  subscription AccountFeed($after: String) {
    accountEvents(after: $after) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          __typename
          id
        }
      }
    }
  }
`);

const NOTHING = {};

/** Who I am here: name, password, authenticator, and where I am signed in. */
export function ProfileSection() {
  const {
    data,
    error,
    reread: read,
  } = useLiveQuery({
    query: ProfileQuery,
    variables: NOTHING,
    feed: ({ viewer }) => viewer.user && { document: AccountFeed, variables: NOTHING },
    rereadOn: () => true,
    keepsEvents: false,
  });
  useReadInFront(read);
  return (
    <QueryState data={data} error={error}>
      {({ viewer: { user, actor } }) => {
        if (user === null) {
          return (
            <SettingsCard title="Your profile">
              <Empty title={`You are signed in with the API key “${actor.name}”`}>
                A key has no name, password or sessions of its own. Sign in as a person to have a profile.
              </Empty>
            </SettingsCard>
          );
        }
        return (
          <div className="grid grid-cols-1 gap-4">
            <ProfileForm user={user} />
            <PasswordForm has={user.hasPassword} hasEmail={user.email !== null} onChanged={read} />
            <Authenticator user={user} onChanged={read} />
            {user.identities.length > 0 && (
              <SettingsCard title="Providers" description="They know you, and sign you in here.">
                <ul aria-label="Providers" className="grid gap-1.5">
                  {user.identities.map(({ issuer, email }) => (
                    <li key={issuer} className="wrap-anywhere">
                      {issuer} {email !== null && <span className="text-muted">as {email}</span>}
                    </li>
                  ))}
                </ul>
              </SettingsCard>
            )}
            <OwnSessions user={user} onChanged={read} />
          </div>
        );
      }}
    </QueryState>
  );
}
