"use client";
import { useSearchParams } from "next/navigation";
import { usePermissions } from "#api/use-permissions.ts";
import { NotFoundHere } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { useLatest } from "#components/use-latest.ts";
import { DefinitionAbout } from "#features/definitions/definition-about.tsx";
import { DefinitionAgents } from "#features/definitions/definition-agents.tsx";
import { DefinitionHeader } from "#features/definitions/definition-header.tsx";
import { DefinitionTabs } from "#features/definitions/definition-tabs.tsx";
import { definitionView } from "#features/definitions/definition-view.ts";
import { DefinitionVersions } from "#features/definitions/definition-versions.tsx";
import { useDefinition } from "#features/definitions/use-definition.ts";
import { projectPath, type ProjectRoute, routes } from "#routes.ts";

interface DefinitionPageProps {
  readonly project: ProjectRoute;
  readonly slug: string;
}

/** A definition: what it is, its versions, and who runs which. */
export function DefinitionPage({ project, slug }: DefinitionPageProps) {
  const permissions = usePermissions(project) ?? [];
  const view = definitionView(useSearchParams());
  const answer = useDefinition(project, slug, view);
  const data = useLatest(answer.data, answer.data !== undefined);
  const { error } = answer;
  const there = data?.project?.definition ?? null;
  return (
    <div className="grid grid-cols-1 gap-4">
      <QueryState data={data} error={error}>
        {({ project: found }) => {
          const definition = found?.definition;
          if (!definition) {
            return (
              <NotFoundHere
                what="definition"
                id={slug}
                project={projectPath(project)}
                list={routes.definitions(project)}
              />
            );
          }
          return (
            <>
              <DefinitionHeader
                project={project}
                projectId={found.id}
                workspaceId={found.workspace.id}
                definition={definition}
                registers={definition}
                permissions={permissions}
              />
              <DefinitionTabs project={project} slug={slug} tab={view.tab} definition={definition} />
              {view.tab === "about" && <DefinitionAbout project={project} definition={definition} />}
              {view.tab === "versions" && (
                <DefinitionVersions project={project} compare={view.compare} definition={definition} />
              )}
            </>
          );
        }}
      </QueryState>
      {/* There from the start, so that its agents are on their way together with the definition. */}
      {view.tab === "agents" && (data === undefined || there !== null) && (
        <DefinitionAgents project={project} slug={slug} view={view} definition={there} permissions={permissions} />
      )}
    </div>
  );
}
