"use client";
import Link from "next/link";
import { useEffect } from "react";
import { Empty } from "#components/notice.tsx";
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
          <NoContext project={project} id={id} />
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

function NoContext({ project, id }: ContextPageProps) {
  return (
    <>
      <h1 className="sr-only">Context not found</h1>
      <Empty title={`There is no context ${id} in ${projectPath(project)}`}>
        The address may be incomplete, or the context is not yours to see.{" "}
        <Link href={routes.contexts(project)} className="text-accent underline">
          Look for it in the list
        </Link>
      </Empty>
    </>
  );
}
