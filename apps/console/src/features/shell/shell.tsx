"use client";
import Link from "next/link";
import dynamic from "next/dynamic";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useState } from "react";
import { graphql } from "#api/generated/gql.ts";
import { Empty } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { AccountMenu } from "#features/shell/account-menu.tsx";
import { Brand } from "#features/shell/brand.tsx";
import { Breadcrumb } from "#features/shell/breadcrumb.tsx";
import { Navigation } from "#features/shell/navigation.tsx";
import { Palette } from "#features/shell/palette/palette.tsx";
import { ProjectMenu, projectPathsOf } from "#features/shell/project-menu.tsx";
import { useDeadTasks } from "#features/shell/use-dead-tasks.ts";
import { useRights } from "#features/shell/use-rights.ts";
import { ConnectionStatus } from "#live/connection-status.tsx";
import { useLiveQuery } from "#live/use-live-query.ts";
import { projectPath, type ProjectRoute, routes } from "#routes.ts";

const Toaster = dynamic(() => import("#components/toaster.tsx"), { ssr: false });

const ShellQuery = graphql(`
  query Shell($path: String!) {
    viewer {
      installationPermissions
      rights
      ...AccountMenu
      ...ProjectMenu
    }
    project(path: $path) {
      id
      cursor
      ...Rights
      ...Navigation
    }
  }
`);

const ShellFeed = graphql(`
  subscription ShellFeed($project: ID!, $types: [String!]!, $after: String) {
    events(project: $project, after: $after, filter: { types: $types }) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          id
          type
        }
      }
    }
  }
`);

/** What changes a count of the navigation. A rollback begins with a version. */
const COUNTED = [
  "agent.registered",
  "agent.transitioned",
  "context.opened",
  "context.version_written",
  "context.rollback_settled",
];

/** Pages to which more room is of use however much there is; lines of others grow too long to follow. */
const TAKES_ALL = /\/(fleet|explorer|workflows\/[^/]+)$/;

/** The frame around every page of a project: navigation, connection, account. It stays while pages change. */
export function Shell({ project, children }: { readonly project: ProjectRoute; readonly children: ReactNode }) {
  const { data, error } = useLiveQuery({
    query: ShellQuery,
    variables: { path: projectPath(project) },
    feed: ({ project: found }) => found && { document: ShellFeed, variables: { project: found.id, types: COUNTED } },
    rereadOn: () => true,
  });
  const deadTasks = useDeadTasks(project);
  useRights(project, data?.viewer.rights);
  const pathname = usePathname();
  // On a narrow screen the navigation is folded away; a page that was chosen there folds it again.
  const [unfolded, setUnfolded] = useState(false);
  useEffect(() => setUnfolded(false), [pathname]);
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[216px_1fr] md:grid-rows-[auto_1fr]">
      <a
        href="#main"
        className="absolute top-2 left-2 z-30 -translate-y-16 rounded-md bg-accent px-3 py-1.5 text-on-accent focus:translate-y-0"
      >
        Skip to the page
      </a>
      <header className="flex h-12 items-center gap-3 sm:gap-4 border-b border-line px-4 md:col-start-2 md:px-5">
        <button
          type="button"
          aria-expanded={unfolded}
          aria-controls="navigation"
          onClick={() => setUnfolded(!unfolded)}
          className="-ml-1 rounded-md px-2 py-1 text-muted hover:bg-sunken md:hidden"
        >
          Menu
        </button>
        <Brand className="inline-flex md:hidden" />
        <Breadcrumb current={project} />
        <span className="grow" />
        <Palette project={project} paths={projectPathsOf(data?.viewer)} />
        {/* Without a project there is nothing to follow, and so no connection. */}
        {data?.project !== null && <ConnectionStatus />}
      </header>
      <aside
        aria-label="Project and its pages"
        className="flex flex-col px-2.5 pt-2 md:sticky md:top-0 md:col-start-1 md:row-span-2 md:row-start-1 md:h-dvh md:border-r md:border-line md:pt-3"
      >
        <Brand className="mb-2 hidden md:inline-flex" />
        <ProjectMenu viewer={data?.viewer} current={project} />
        <div id="navigation" className={`min-h-0 grow flex-col ${unfolded ? "flex" : "hidden md:flex"}`}>
          <div className="min-h-0 grow md:overflow-y-auto">
            <Navigation current={project} project={data?.project} deadTasks={deadTasks} />
          </div>
          <div className="border-t border-line py-1.5">
            <AccountMenu viewer={data?.viewer} current={project} />
          </div>
        </div>
      </aside>
      <main
        id="main"
        tabIndex={-1}
        className={`min-w-0 p-4 outline-none md:col-start-2 md:p-5 ${TAKES_ALL.test(pathname) ? "" : "max-w-[2400px]"}`}
      >
        {/* Once there is a page, it tells itself what it cannot read. */}
        <QueryState data={data} error={data ? undefined : error}>
          {(read) =>
            read.project ? (
              children
            ) : (
              <>
                <h1 className="sr-only">There is no such project</h1>
                <Empty title={`There is no project ${projectPath(project)}`}>
                  It may have another name, or it is not yours to see.{" "}
                  <Link href={routes.home()} className="text-accent underline">
                    Go to your first project
                  </Link>
                </Empty>
              </>
            )
          }
        </QueryState>
      </main>
      <Toaster />
    </div>
  );
}
