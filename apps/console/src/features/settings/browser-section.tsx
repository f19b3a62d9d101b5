"use client";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { signOut } from "#api/session.ts";
import { Button } from "#components/button.tsx";
import { Choice } from "#components/choice.tsx";
import { CopyableId } from "#components/copyable-id.tsx";
import { QueryState } from "#components/query-state.tsx";
import { chooseTheme } from "#components/theme.ts";
import { useTheme } from "#components/use-theme.ts";
import { Fact, FactList } from "#features/settings/fact-list.tsx";
import { SettingsCard } from "#features/settings/settings-card.tsx";

const BrowserQuery = graphql(`
  query BrowserSettings {
    viewer {
      permissions
      actor {
        kind
        id
        name
      }
    }
  }
`);

const THEMES = { system: "System", light: "Light", dark: "Dark" } as const;

/** What is kept on this browser alone: how it looks, and who is signed in. */
export function BrowserSection() {
  const theme = useTheme();
  const [{ data, error }] = useQuery({ query: BrowserQuery });
  return (
    <div className="grid grid-cols-1 gap-4">
      <SettingsCard title="Theme" description="Kept on this browser.">
        <Choice label="Theme" options={THEMES} value={theme} onChange={chooseTheme} />
      </SettingsCard>
      <SettingsCard
        title="Session"
        description="This browser is signed in for as long as the API key that it stands for works, and 30 days at most."
      >
        <QueryState data={data} error={error}>
          {({ viewer: { actor, permissions } }) => (
            <div className="grid gap-4">
              <FactList>
                <Fact name="Signed in with">
                  {actor.kind === "AGENT" ? `the key of the agent ${actor.name}` : `the API key ${actor.name}`}
                </Fact>
                {actor.id !== null && (
                  <Fact name="Its id">
                    <CopyableId id={actor.id} />
                  </Fact>
                )}
                <Fact name="May do">
                  <details>
                    <summary>{permissions.length} things</summary>
                    <ul className="mt-1.5 columns-2 font-mono text-sm text-muted">
                      {permissions.map((permission) => (
                        <li key={permission}>{permission}</li>
                      ))}
                    </ul>
                  </details>
                </Fact>
              </FactList>
              <div>
                <Button onClick={() => void signOut()}>Sign out</Button>
                <p className="mt-1 text-sm text-faint">In every tab of this browser.</p>
              </div>
            </div>
          )}
        </QueryState>
      </SettingsCard>
    </div>
  );
}
