"use client";
import dynamic from "next/dynamic";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { Loading } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { projectPath, type ProjectRoute } from "#routes.ts";

const ExplorerQuery = graphql(`
  query Explorer($path: String!) {
    project(path: $path) {
      id
    }
  }
`);

/** The editor is large: it is loaded when somebody comes here. */
const GraphiQLEditor = dynamic(() => import("#features/explorer/graphiql-editor.tsx"), {
  ssr: false,
  loading: () => <Loading label="Opening the explorer" />,
});

/** The API to try out, as who is signed in, with documents about this project to begin with. */
export function Explorer({ project }: { readonly project: ProjectRoute }) {
  const path = projectPath(project);
  const [{ data, error }] = useQuery({ query: ExplorerQuery, variables: { path } });
  return (
    <div className="-m-4 flex h-[85dvh] min-h-120 flex-col overflow-hidden md:-m-5 md:h-[calc(100dvh-48px)]">
      <h1 className="sr-only">Explorer</h1>
      <QueryState data={data} error={error}>
        {(read) => read.project && <GraphiQLEditor key={read.project.id} projectId={read.project.id} path={path} />}
      </QueryState>
    </div>
  );
}
