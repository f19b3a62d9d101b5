"use client";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { Empty } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { Authenticator } from "#features/settings/profile/authenticator.tsx";
import { OwnSessions } from "#features/settings/profile/own-sessions.tsx";
import { PasswordForm } from "#features/settings/profile/password-form.tsx";
import { ProfileForm } from "#features/settings/profile/profile-form.tsx";
import { SettingsCard } from "#features/settings/settings-card.tsx";
import { useReading } from "#live/use-reading.ts";

const ProfileQuery = graphql(`
  query Profile {
    viewer {
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

const NOTHING = {};

/** Who I am here: name, password, authenticator, and where I am signed in. */
export function ProfileSection() {
  const [{ data, error }] = useQuery({ query: ProfileQuery, requestPolicy: "cache-and-network" });
  const read = useReading(ProfileQuery, NOTHING);
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
