"use client";
import { useRouter } from "next/navigation";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Menu, MenuItem } from "#components/menu.tsx";
import { projectPath, projectRoute, type ProjectRoute, routes } from "#routes.ts";

const ProjectMenuFragment = graphql(`
  fragment ProjectMenu on Viewer {
    workspaces {
      id
      projects(first: 100) {
        edges {
          node {
            id
            path
          }
        }
      }
    }
  }
`);

type ProjectsOfViewer = FragmentType<typeof ProjectMenuFragment> | undefined;

/** The paths of all projects that the reader may see; none before that is known. */
export function projectPathsOf(viewer: ProjectsOfViewer): string[] {
  const workspaces = readFragment(ProjectMenuFragment, viewer)?.workspaces ?? [];
  return workspaces.flatMap(({ projects }) => projects.edges.map(({ node }) => node.path));
}

interface ProjectMenuProps {
  readonly viewer: ProjectsOfViewer;
  readonly current: ProjectRoute;
}

/** Which project this is, and the way to the others. */
export function ProjectMenu({ viewer, current }: ProjectMenuProps) {
  const router = useRouter();
  const path = projectPath(current);
  const paths = projectPathsOf(viewer);
  const trigger = (
    <button
      type="button"
      aria-label={`Project ${path}: change it`}
      className="flex w-full items-center justify-between rounded-md border border-line bg-surface px-2.5 py-1.5 font-[550] hover:border-line-strong"
    >
      <span className="truncate">{path}</span>
      <span aria-hidden className="text-faint">
        ⌄
      </span>
    </button>
  );
  return (
    <Menu trigger={trigger}>
      {(paths.length === 0 ? [path] : paths).map((each) => (
        <MenuItem key={each} onSelect={() => router.push(routes.overview(projectRoute(each)))}>
          <span className="grow">{each}</span>
          {each === path && <span aria-label="this one">✓</span>}
        </MenuItem>
      ))}
    </Menu>
  );
}
