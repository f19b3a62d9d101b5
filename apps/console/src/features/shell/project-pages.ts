import { type ProjectRoute, routes } from "#routes.ts";

export interface ProjectPage {
  readonly name: string;
  readonly href: string;
  /** Whether an address is this page's or one of the pages below it. */
  readonly covers: (pathname: string) => boolean;
}

export interface PageGroup {
  /** Null: the group that comes first needs no heading. */
  readonly name: string | null;
  readonly pages: readonly ProjectPage[];
}

/** The pages of a project that the navigation leads to. */
export function projectPages(project: ProjectRoute): readonly PageGroup[] {
  return [
    {
      name: null,
      pages: [
        page("Overview", routes.overview(project)),
        page("Fleet", routes.fleet(project), routes.agent(project, "")),
        page("Tasks", routes.tasks(project)),
        page("Contexts", routes.contexts(project)),
        page("Activity", routes.activity(project)),
      ],
    },
    {
      name: "Work",
      pages: [
        page("Workflows", routes.workflows(project)),
        page("Schedules", routes.schedules(project)),
        page("Queues", routes.queues(project)),
        page("Bulk jobs", routes.bulkJobs(project)),
      ],
    },
    {
      name: "Project",
      pages: [
        page("Definitions", routes.definitions(project)),
        page("Webhooks", routes.webhooks(project)),
        page("Explorer", routes.explorer(project)),
        page("Settings", routes.settings(project)),
      ],
    },
  ];
}

/** A page that is also where the pages below `more` belong. */
function page(name: string, href: string, ...more: string[]): ProjectPage {
  const bases = [href, ...more].map((base) => (base.endsWith("/") ? base : `${base}/`));
  return { name, href, covers: (pathname) => pathname === href || bases.some((base) => pathname.startsWith(base)) };
}
