"use client";
import { useSearchParams } from "next/navigation";
import { graphql } from "#api/generated/gql.ts";
import { usePermissions } from "#api/use-permissions.ts";
import { useAnswer } from "#live/use-answer.ts";
import { projectPath, type ProjectRoute, routes } from "#routes.ts";
import { SavedViews } from "#views/saved-views.tsx";

const ViewsQuery = graphql(`
  query ActivityViews($path: String!) {
    project(path: $path) {
      id
    }
  }
`);

/** Filters of the log under names. The event that is opened is no part of them. */
export function ActivityViews({ project }: { readonly project: ProjectRoute }) {
  const permissions = usePermissions(project);
  const { data } = useAnswer(ViewsQuery, { path: projectPath(project) });
  const query = new URLSearchParams(useSearchParams());
  query.delete("event");
  if (!data?.project) return null;
  return (
    <SavedViews
      project={{ id: data.project.id, mayManage: permissions?.includes("view.manage") ?? false }}
      screen="ACTIVITY"
      query={query.toString()}
      hrefOf={(values) => routes.activity(project, Object.fromEntries(new URLSearchParams(values)))}
    />
  );
}
