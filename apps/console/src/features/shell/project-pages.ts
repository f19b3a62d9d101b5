import { type ProjectRoute, routes } from "#routes.ts";

export interface ProjectPage {
  readonly name: "Fleet" | "Contexts" | "Webhooks" | "Explorer";
  readonly href: string;
  /** Whether an address is this page's or one of the pages below it. */
  readonly covers: (pathname: string) => boolean;
}

/** The pages of a project that the navigation leads to. */
export function projectPages(project: ProjectRoute): readonly ProjectPage[] {
  const within =
    (...bases: string[]) =>
    (pathname: string) =>
      bases.some((base) => pathname === base || pathname.startsWith(base.endsWith("/") ? base : `${base}/`));
  return [
    { name: "Fleet", href: routes.fleet(project), covers: within(routes.fleet(project), routes.agent(project, "")) },
    { name: "Contexts", href: routes.contexts(project), covers: within(routes.contexts(project)) },
    { name: "Webhooks", href: routes.webhooks(project), covers: within(routes.webhooks(project)) },
    { name: "Explorer", href: routes.explorer(project), covers: within(routes.explorer(project)) },
  ];
}
