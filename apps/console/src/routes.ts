/** Every address of the console. Links are made here and nowhere else; `src/app` has a page for each. */
export const routes = {
  home: () => "/",
  signIn: (next?: string) => (next === undefined ? "/sign-in" : `/sign-in?${new URLSearchParams({ next })}`),
  overview: (project: ProjectRoute, view: OverviewView = {}) => `${base(project)}/overview${query({ ...view })}`,
  fleet: (project: ProjectRoute, { state, ...view }: FleetView = {}) =>
    `${base(project)}/fleet${query({ state: state?.join(","), ...view })}`,
  agent: (project: ProjectRoute, agent: string, view: AgentView = {}) =>
    `${base(project)}/agents/${encodeURIComponent(agent)}${query({ ...view })}`,
  tasks: (project: ProjectRoute, { state, ...view }: TasksView = {}) =>
    `${base(project)}/tasks${query({ state: state?.join(","), ...view })}`,
  task: (project: ProjectRoute, task: string, view: TaskView = {}) =>
    `${base(project)}/tasks/${encodeURIComponent(task)}${query({ ...view })}`,
  workflows: (project: ProjectRoute, view: WorkflowsView = {}) => `${base(project)}/workflows${query({ ...view })}`,
  workflow: (project: ProjectRoute, workflow: string, view: WorkflowView = {}) =>
    `${base(project)}/workflows/${encodeURIComponent(workflow)}${query({ ...view })}`,
  schedules: (project: ProjectRoute, view: SchedulesView = {}) => `${base(project)}/schedules${query({ ...view })}`,
  schedule: (project: ProjectRoute, schedule: string) => `${base(project)}/schedules/${encodeURIComponent(schedule)}`,
  queues: (project: ProjectRoute, view: QueuesView = {}) => `${base(project)}/queues${query({ ...view })}`,
  bulkJobs: (project: ProjectRoute, view: BulkJobsView = {}) => `${base(project)}/bulk-jobs${query({ ...view })}`,
  bulkJob: (project: ProjectRoute, job: string, view: BulkJobView = {}) =>
    `${base(project)}/bulk-jobs/${encodeURIComponent(job)}${query({ ...view })}`,
  contexts: (project: ProjectRoute, view: ContextsView = {}) => `${base(project)}/contexts${query({ ...view })}`,
  context: (project: ProjectRoute, context: string, { version, compare, ...view }: ContextView = {}) =>
    `${base(project)}/contexts/${encodeURIComponent(context)}${query({
      version: version?.toString(),
      compare: compare && `${compare.from}..${compare.to}`,
      ...view,
    })}`,
  activity: (project: ProjectRoute, view: ActivityView = {}) => `${base(project)}/activity${query({ ...view })}`,
  definitions: (project: ProjectRoute, view: DefinitionsView = {}) =>
    `${base(project)}/definitions${query({ ...view })}`,
  definition: (project: ProjectRoute, definition: string, view: DefinitionView = {}) =>
    `${base(project)}/definitions/${encodeURIComponent(definition)}${query({ ...view })}`,
  webhooks: (project: ProjectRoute, view: WebhooksView = {}) => `${base(project)}/webhooks${query({ ...view })}`,
  webhook: (project: ProjectRoute, webhook: string, view: WebhookView = {}) =>
    `${base(project)}/webhooks/${encodeURIComponent(webhook)}${query({ ...view })}`,
  explorer: (project: ProjectRoute) => `${base(project)}/explorer`,
  settings: (project: ProjectRoute, section?: SettingsSection) =>
    `${base(project)}/settings${section === undefined ? "" : `/${section}`}`,
} as const;

/** The slugs of a project's path: "demo/app". */
export interface ProjectRoute {
  readonly workspace: string;
  readonly project: string;
}

/** How far back the overview's charts go. */
export interface OverviewView {
  readonly range?: string | undefined;
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

/** What the list of tasks shows: those in these states that match, in which order. */
export interface TasksView {
  readonly state?: readonly string[] | undefined;
  readonly search?: string | undefined;
  readonly kind?: string | undefined;
  readonly queue?: string | undefined;
  readonly agent?: string | undefined;
  readonly order?: string | undefined;
}

/** What a task's page shows. */
export interface TaskView {
  readonly tab?: string | undefined;
}

/** What the list of workflows shows. */
export interface WorkflowsView {
  readonly state?: string | undefined;
  readonly search?: string | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** What a workflow's page shows: the step that is opened. */
export interface WorkflowView {
  readonly step?: string | undefined;
}

/** What the list of schedules shows. */
export interface SchedulesView {
  readonly search?: string | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** What the list of queues shows. */
export interface QueuesView {
  readonly search?: string | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** What the list of bulk jobs shows. */
export interface BulkJobsView {
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** What a bulk job's page shows: targets with this outcome, and which page of them. */
export interface BulkJobView {
  readonly outcome?: string | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** What the project's log shows: events of these types, of this subject, with this in them, from when to when. */
export interface ActivityView {
  readonly type?: string | undefined;
  readonly subject?: string | undefined;
  readonly actor?: string | undefined;
  readonly search?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly event?: string | undefined;
}

/** Which page of the definitions the list shows. */
export interface DefinitionsView {
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** What a definition's page shows: one version, or two compared. */
export interface DefinitionView {
  readonly version?: string | undefined;
  readonly compare?: string | undefined;
}

export type SettingsSection = "workspaces" | "limits" | "keys";

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
  const given = Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString().replaceAll("%2C", ",")}`;
}
