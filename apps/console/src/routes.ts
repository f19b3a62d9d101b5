/** Every address of the console. Links are made here and nowhere else; `src/app` has a page for each. */
export const routes = {
  home: () => "/",
  signIn: (next?: string) => (next === undefined ? "/sign-in" : `/sign-in?${new URLSearchParams({ next })}`),
  fleet: (project: ProjectRoute, { state, search, after, before }: FleetView = {}) =>
    `${base(project)}/fleet${query({ state: state?.join(",") || undefined, search: search || undefined, after, before })}`,
  agent: (project: ProjectRoute, agent: string, { range, show, details, event }: AgentView = {}) =>
    `${base(project)}/agents/${encodeURIComponent(agent)}${query({ range, show, details, event })}`,
  contexts: (project: ProjectRoute, { rollback, search, after, before }: ContextsView = {}) =>
    `${base(project)}/contexts${query({ rollback, search: search || undefined, after, before })}`,
  context: (project: ProjectRoute, context: string, { version, compare }: ContextView = {}) =>
    `${base(project)}/contexts/${encodeURIComponent(context)}${query({
      version: version?.toString(),
      compare: compare && `${compare.from}..${compare.to}`,
    })}`,
  webhooks: (project: ProjectRoute, { after, before }: WebhooksView = {}) =>
    `${base(project)}/webhooks${query({ after, before })}`,
  webhook: (project: ProjectRoute, webhook: string, { state, delivery, after, before }: WebhookView = {}) =>
    `${base(project)}/webhooks/${encodeURIComponent(webhook)}${query({ state, delivery, after, before })}`,
  explorer: (project: ProjectRoute) => `${base(project)}/explorer`,
} as const;

/** The slugs of a project's path: "demo/app". */
export interface ProjectRoute {
  readonly workspace: string;
  readonly project: string;
}

/** What a fleet's page shows: agents in these states, with this in the name, and which page of them. */
export interface FleetView {
  readonly state?: readonly string[] | undefined;
  readonly search?: string | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** What an agent's page shows: how far back the bar of states goes, which events, how much of each, and one opened. */
export interface AgentView {
  readonly range?: string | undefined;
  readonly show?: string | undefined;
  readonly details?: string | undefined;
  readonly event?: string | undefined;
}

/** What the list of contexts shows: those whose last rollback stands so, with this in the name, and which page of them. */
export interface ContextsView {
  readonly rollback?: string | undefined;
  readonly search?: string | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** What a context's page shows: one version, or two compared; neither means the newest. */
export interface ContextView {
  readonly version?: number;
  readonly compare?: { readonly from: number; readonly to: number };
}

/** Which page of the webhooks the list shows. */
export interface WebhooksView {
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** What a webhook's page shows: its deliveries in one state, which page of them, and one opened. */
export interface WebhookView {
  readonly state?: string | undefined;
  readonly delivery?: string | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** "demo/app", as `Query.project` takes it. */
export function projectPath({ workspace, project }: ProjectRoute): string {
  return `${workspace}/${project}`;
}

/** The route's parts of a path that the API gave. */
export function projectRoute(path: string): ProjectRoute {
  const [workspace = "", project = ""] = path.split("/");
  return { workspace, project };
}

function base({ workspace, project }: ProjectRoute): string {
  return `/projects/${encodeURIComponent(workspace)}/${encodeURIComponent(project)}`;
}

function query(values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString().replaceAll("%2C", ",")}`;
}
