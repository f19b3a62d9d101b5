"use client";
import { useEffect } from "react";
import { NotFoundHere } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { ContextBody } from "#features/contexts/context-body.tsx";
import { ContextViewProvider } from "#features/contexts/context-view.tsx";
import { useContext } from "#features/contexts/use-context.ts";
import { projectPath, type ProjectRoute, routes } from "#routes.ts";

interface ContextPageProps {
  readonly project: ProjectRoute;
  readonly id: string;
}

/** One context: its versions, what is in them, what differs, and the way back. */
export function ContextPage({ project, id }: ContextPageProps) {
  const { data, error, lastHold } = useContext(id);
  const found = data?.node?.__typename === "Context" ? data.node : null;
  const name = found?.name;
  useEffect(() => {
    if (name !== undefined) document.title = `${name} · Muster`;
  }, [name]);
  return (
    <QueryState data={data} error={error}>
      {() =>
        found === null || found.project.path !== projectPath(project) ? (
          <NotFoundHere what="context" id={id} project={projectPath(project)} list={routes.contexts(project)} />
        ) : (
          <ContextViewProvider project={project} context={id}>
            <ContextBody
              context={found}
              dropped={found.project.dropped.edges.map(({ node }) => node.payload)}
              lastHold={lastHold}
            />
          </ContextViewProvider>
        )
      }
    </QueryState>
  );
}
