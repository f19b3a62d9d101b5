"use client";
import dynamic from "next/dynamic";
import { useQuery } from "urql";
import { usePermissions } from "#api/use-permissions.ts";
import { NotFoundHere } from "#components/notice.tsx";
import { useNamedPage } from "#components/page-name.ts";
import { QueryState } from "#components/query-state.tsx";
import { ContextBody } from "#features/contexts/context-body.tsx";
import { ContextViewProvider } from "#features/contexts/context-view.tsx";
import { useContext } from "#features/contexts/use-context.ts";
import { FirstVersionsQuery } from "#features/contexts/use-versions.ts";
import { isTampered } from "#features/contexts/version-errors.ts";
import { projectPath, type ProjectRoute, routes } from "#routes.ts";

/** Hardly ever needed. */
const TamperedContext = dynamic(() =>
  import("#features/contexts/tampered-context.tsx").then((module) => module.TamperedContext),
);

interface ContextPageProps {
  readonly project: ProjectRoute;
  readonly id: string;
}

const NONE: readonly string[] = [];

/** One context: its versions, what is in them, what differs, and the way back. */
export function ContextPage({ project, id }: ContextPageProps) {
  const permissions = usePermissions(project) ?? NONE;
  const { data, error, lastChange } = useContext(id);
  // Asked for at the same time, though only the list below reads it.
  useQuery({ query: FirstVersionsQuery, variables: { id }, requestPolicy: "cache-and-network" });
  const found = data?.node?.__typename === "Context" ? data.node : null;
  const name = found?.name;
  useNamedPage(name);
  if (!data && error && isTampered(error)) {
    return (
      <ContextViewProvider project={project} context={id} permissions={NONE}>
        <TamperedContext error={error} />
      </ContextViewProvider>
    );
  }
  return (
    <QueryState data={data} error={error}>
      {() =>
        found === null || found.project.path !== projectPath(project) ? (
          <NotFoundHere what="context" id={id} project={projectPath(project)} list={routes.contexts(project)} />
        ) : (
          <ContextViewProvider project={project} context={id} permissions={permissions}>
            <ContextBody
              context={found}
              name={found.name}
              dropped={found.project.dropped.edges.map(({ node }) => node.payload)}
              lastChange={lastChange}
            />
          </ContextViewProvider>
        )
      }
    </QueryState>
  );
}
