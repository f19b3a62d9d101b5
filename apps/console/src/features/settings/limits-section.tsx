"use client";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { QueryState } from "#components/query-state.tsx";
import { numberText } from "#components/number-text.ts";
import { Ago } from "#components/time.tsx";
import { Fact, FactList } from "#features/settings/fact-list.tsx";
import { LimitsForm } from "#features/settings/limits-form.tsx";
import { SettingsCard } from "#features/settings/settings-card.tsx";
import { projectPath, type ProjectRoute } from "#routes.ts";

const LimitsQuery = graphql(`
  query LimitSettings($path: String!) {
    viewer {
      permissions
    }
    project(path: $path) {
      id
      workspace {
        id
        slug
        name
        version
        maxRunningTasks
        eventRetentionDays
        keepContextVersions
        eventsRetainedSince
        usage {
          projects {
            count
            isCapped
          }
          agents {
            count
            isCapped
          }
          runningTasks {
            count
            isCapped
          }
        }
      }
    }
  }
`);

/** How much the workspace may run at once, and how long it keeps what happened. */
export function LimitsSection({ project }: { readonly project: ProjectRoute }) {
  const [{ data, error }, read] = useQuery({
    query: LimitsQuery,
    variables: { path: projectPath(project) },
    requestPolicy: "cache-and-network",
  });
  return (
    <QueryState data={data} error={error}>
      {({ project: found, viewer }) => {
        if (!found) return null;
        const { workspace } = found;
        const { usage, eventsRetainedSince } = workspace;
        return (
          <SettingsCard
            title={`Limits and retention of ${workspace.name}`}
            description="They count for all projects of the workspace."
          >
            <div className="grid gap-6">
              <LimitsForm
                workspace={workspace}
                locked={viewer.permissions.includes("workspace.update") ? null : "Your key may not change workspaces."}
                reread={() => read({ requestPolicy: "network-only" })}
              />
              <FactList>
                <Fact name="Projects">{countText(usage.projects)}</Fact>
                <Fact name="Agents">{countText(usage.agents)}</Fact>
                <Fact name="Tasks held now">{countText(usage.runningTasks)}</Fact>
                <Fact name="Events are complete">
                  {eventsRetainedSince === null ? (
                    "from the beginning"
                  ) : (
                    <>
                      since <Ago at={eventsRetainedSince} />
                    </>
                  )}
                </Fact>
              </FactList>
            </div>
          </SettingsCard>
        );
      }}
    </QueryState>
  );
}

function countText({ count, isCapped }: { readonly count: number; readonly isCapped: boolean }): string {
  return `${numberText(count)}${isCapped ? "+" : ""}`;
}
