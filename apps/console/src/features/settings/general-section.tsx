"use client";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { usePermissions } from "#api/use-permissions.ts";
import { CopyableId } from "#components/copyable-id.tsx";
import { notifyDone } from "#components/notify.ts";
import { QueryState } from "#components/query-state.tsx";
import { Ago } from "#components/time.tsx";
import { Fact, FactList } from "#features/settings/fact-list.tsx";
import { NameForm } from "#features/settings/name-form.tsx";
import { SettingsCard } from "#features/settings/settings-card.tsx";
import { SettingsFeed } from "#features/settings/settings-feed.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const GeneralQuery = graphql(`
  query GeneralSettings($path: String!) {
    project(path: $path) {
      id
      cursor
      path
      slug
      name
      version
      createdAt
      workspace {
        id
        slug
        name
      }
    }
  }
`);

const UpdateProject = graphql(`
  mutation UpdateProject($input: UpdateProjectInput!) {
    updateProject(input: $input) {
      __typename
      ... on UpdateProjectSuccess {
        data {
          id
          name
          version
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

/** The project: its name, and what it is called by programs. */
export function GeneralSection({ project }: { readonly project: ProjectRoute }) {
  const mayChange = usePermissions(project)?.includes("project.update") ?? false;
  const [, update] = useMutation(UpdateProject);
  const { data, error } = useLiveQuery({
    query: GeneralQuery,
    variables: { path: projectPath(project) },
    feed: ({ project: found }) => found && { document: SettingsFeed, variables: { project: found.id } },
    rereadOn: () => true,
    keepsEvents: false,
  });
  return (
    <QueryState data={data} error={error}>
      {({ project: found }) => {
        if (!found) return null;
        const { id, name, version } = found;
        const call = async (given: string, expectedVersion: number) => {
          const { data: answer, error: failed } = await update({
            input: { projectId: id, name: given, expectedVersion },
          });
          const result = answer?.updateProject;
          return result?.__typename === "UpdateProjectSuccess" ? null : refusalOf(result, failed);
        };
        const rename = async (given: string) => {
          const refusal = await call(given, version);
          if (refusal === null) notifyDone(`The project is named ${given}`, () => call(name, version + 1));
          return refusal;
        };
        return (
          <SettingsCard title="Project">
            <div className="grid gap-5">
              <NameForm
                label="Name"
                hint="For people. Addresses and programs use the path, which stays."
                name={name}
                locked={mayChange ? null : "You may not change projects."}
                rename={rename}
              />
              <FactList>
                <Fact name="Path">
                  <span className="font-mono text-sm">{found.path}</span>
                </Fact>
                <Fact name="Id">
                  <CopyableId id={id} />
                </Fact>
                <Fact name="Workspace">
                  {found.workspace.name} ({found.workspace.slug})
                </Fact>
                <Fact name="Workspace id">
                  <CopyableId id={found.workspace.id} />
                </Fact>
                <Fact name="Created">
                  <Ago at={found.createdAt} />
                </Fact>
              </FactList>
            </div>
          </SettingsCard>
        );
      }}
    </QueryState>
  );
}
