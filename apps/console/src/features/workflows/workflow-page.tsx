"use client";
import { useSearchParams } from "next/navigation";
import { usePermissions } from "#api/use-permissions.ts";
import { NotFoundHere } from "#components/notice.tsx";
import { useNamedPage } from "#components/page-name.ts";
import { QueryState } from "#components/query-state.tsx";
import { useWorkflow } from "#features/workflows/use-workflow.ts";
import { WorkflowBody } from "#features/workflows/workflow-body.tsx";
import { projectPath, type ProjectRoute, routes } from "#routes.ts";

interface WorkflowPageProps {
  readonly project: ProjectRoute;
  readonly id: string;
}

/** One workflow: its graph, live, and why it stands as it does. */
export function WorkflowPage({ project, id }: WorkflowPageProps) {
  const permissions = usePermissions(project) ?? [];
  const parameters = useSearchParams();
  const { data, found, steps, error } = useWorkflow(id);
  const name = found?.name;
  useNamedPage(name);
  return (
    <QueryState data={data} error={error}>
      {() =>
        found === null || found.project.path !== projectPath(project) ? (
          <NotFoundHere what="workflow" id={id} project={projectPath(project)} list={routes.workflows(project)} />
        ) : (
          <WorkflowBody
            project={project}
            workflow={found}
            steps={steps}
            permissions={permissions}
            view={parameters.get("view") ?? undefined}
            step={parameters.get("step") ?? undefined}
          />
        )
      }
    </QueryState>
  );
}
