"use client";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { useWorkspacePermissions } from "#api/use-permissions.ts";
import { QueryState } from "#components/query-state.tsx";
import { numberText } from "#components/number-text.ts";
import { sizeText } from "#components/size-text.ts";
import { Ago } from "#components/time.tsx";
import { Fact, FactList } from "#features/settings/fact-list.tsx";
import { LimitsForm } from "#features/settings/limits/limits-form.tsx";
import { SettingsCard } from "#features/settings/settings-card.tsx";
import { projectPath, type ProjectRoute } from "#routes.ts";

const LimitsQuery = graphql(`
  query LimitSettings($path: String!) {
    project(path: $path) {
      id
      workspace {
        id
        slug
        name
        version
        maxAgents
        maxRunningAgents
        maxRunningTasks
        maxTasksPerMinute
        maxContexts
        maxStorageBytes
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
          activeAgents {
            count
            isCapped
          }
          runningAgents {
            count
            isCapped
          }
          contexts {
            count
            isCapped
          }
          tasksThisMinute
          storageBytes
        }
      }
    }
  }
`);

/** How much the workspace may run at once, and how long it keeps what happened. */
export function LimitsSection({ project }: { readonly project: ProjectRoute }) {
  const mayChange = useWorkspacePermissions(project)?.includes("workspace.update") ?? false;
  const [{ data, error }, read] = useQuery({
    query: LimitsQuery,
    variables: { path: projectPath(project) },
    requestPolicy: "cache-and-network",
  });
  return (
    <QueryState data={data} error={error}>
      {({ project: found }) => {
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
                usage={{
                  maxAgents: countText(usage.activeAgents),
                  maxRunningAgents: countText(usage.runningAgents),
                  maxRunningTasks: countText(usage.runningTasks),
                  maxContexts: countText(usage.contexts),
                  ...(usage.tasksThisMinute !== null && { maxTasksPerMinute: numberText(usage.tasksThisMinute) }),
                  ...(usage.storageBytes !== null && { maxStorageBytes: sizeText(usage.storageBytes) }),
                }}
                locked={mayChange ? null : "You may not change workspaces."}
                reread={() => read({ requestPolicy: "network-only" })}
              />
              <FactList>
                <Fact name="Projects">{countText(usage.projects)}</Fact>
                <Fact name="Agents, with those decommissioned">{countText(usage.agents)}</Fact>
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
