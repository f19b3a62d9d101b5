/** Every address of the console. Links are made here and nowhere else; `src/app` has a page for each. */
export const routes = {
  home: () => "/",
  signIn: (view: SignInView = {}) => `/sign-in${query({ ...view })}`,
  setPassword: (link?: string) =>
    link === undefined ? "/set-password" : `/set-password#${new URLSearchParams({ link })}`,
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
  schedule: (project: ProjectRoute, schedule: string, view: ScheduleView = {}) =>
    `${base(project)}/schedules/${encodeURIComponent(schedule)}${query({ ...view })}`,
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
  settings: (project: ProjectRoute, section?: SettingsSection, view: SettingsView = {}) =>
    `${base(project)}/settings${section === undefined ? "" : `/${section}`}${query({ ...view })}`,
} as const;

/** Where the sign-in page leads to, and why somebody is on it: their session has ended, or a provider's answer was refused. */
export interface SignInView {
  readonly next?: string | undefined;
  readonly ended?: string | undefined;
  readonly error?: string | undefined;
}

/** The slugs of a project's path: "demo/app". */
export interface ProjectRoute {
  readonly workspace: string;
  readonly project: string;
}

/** How far back the overview's charts go. */
export interface OverviewView {
  readonly range?: string | undefined;
}

/**
 * What a fleet's page shows: agents in these states that match a search, in which order, as a table or a grid; as they were at
 * a moment, or what changed from then to another one.
 */
export interface FleetView {
  readonly state?: readonly string[] | undefined;
  readonly search?: string | undefined;
  readonly order?: string | undefined;
  readonly columns?: string | undefined;
  readonly look?: string | undefined;
  readonly attention?: string | undefined;
  readonly at?: string | undefined;
  readonly range?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * What an agent's page shows: the tab (none: its timeline), and of that how far back the bar of states goes, which events, how
 * much of each, and one opened; which tasks, or which of its bundles compared.
 */
export interface AgentView extends EventsView {
  readonly tab?: string | undefined;
  readonly state?: string | undefined;
  readonly compare?: string | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly range?: string | undefined;
}

/**
 * Which events a list shows: of these kinds, with this in them or of this id, by this actor, about this subject, of this
 * request, from when to when; and how: in which order, how much of each, without moves between work and idling, and one opened.
 */
export interface EventsView {
  readonly show?: string | undefined;
  readonly search?: string | undefined;
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
  readonly correlation?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly order?: string | undefined;
  readonly look?: string | undefined;
  readonly idle?: string | undefined;
  readonly event?: string | undefined;
}

/** What the list of tasks shows: those in these states that match, in which order. */
export interface TasksView {
  readonly state?: readonly string[] | undefined;
  readonly search?: string | undefined;
  readonly kind?: string | undefined;
  readonly queue?: string | undefined;
  readonly agent?: string | undefined;
  /** A concurrency key. */
  readonly key?: string | undefined;
  /** The key of a rate limit. */
  readonly rate?: string | undefined;
  /** A kind of error. */
  readonly error?: string | undefined;
  readonly schedule?: string | undefined;
  readonly workflow?: string | undefined;
  /** "no": only those that have not been run again. */
  readonly replayed?: string | undefined;
  /** Created from this time on, or in the last so many hours or days, as in 24h. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly order?: string | undefined;
  readonly columns?: string | undefined;
  /** Present while the dialog is open that creates one: "new", or the id of the task that it is to be like. */
  readonly create?: string | undefined;
}

/** What a task's page shows: an attempt that is opened, an event that is pointed at. */
export interface TaskView {
  readonly attempt?: string | undefined;
  readonly event?: string | undefined;
}

/** What the list of workflows shows. */
export interface WorkflowsView {
  readonly state?: string | undefined;
  readonly search?: string | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** What a workflow's page shows: its graph or a list, and the step that is opened. */
export interface WorkflowView {
  readonly view?: string | undefined;
  readonly step?: string | undefined;
}

/** What the list of schedules shows: all, or those that are paused or not. */
export interface SchedulesView {
  readonly state?: string | undefined;
  readonly search?: string | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** Which page of its runs a schedule's page shows. */
export interface ScheduleView {
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** What the page of queues shows: queues or rate limits, and the one that is opened. */
export interface QueuesView {
  readonly tab?: string | undefined;
  readonly queue?: string | undefined;
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

/** What the project's log shows. */
export type ActivityView = EventsView;

/** Which page of the definitions the list shows. */
export interface DefinitionsView {
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** What a definition's page shows: one of its parts, one version, or two compared, and which page of its agents. */
export interface DefinitionView {
  readonly tab?: string | undefined;
  readonly version?: string | undefined;
  readonly compare?: string | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

export type SettingsSection = "workspaces" | "limits" | "people" | "roles" | "keys" | "audit" | "profile" | "browser";

/**
 * What a part of the settings shows: those with this in the name, of this role, kind or state, in this project, of the whole
 * installation; entries of the audit log of these kinds, by this kind of actor, with this credential, from this address, about
 * this subject, from when to when; and which page of them.
 */
export interface SettingsView {
  readonly of?: string | undefined;
  readonly search?: string | undefined;
  readonly role?: string | undefined;
  readonly kind?: string | undefined;
  readonly state?: string | undefined;
  readonly in?: string | undefined;
  readonly show?: string | undefined;
  readonly actor?: string | undefined;
  readonly by?: string | undefined;
  readonly credential?: string | undefined;
  readonly address?: string | undefined;
  readonly subject?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly entry?: string | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** What the list of contexts shows: those of this agent or the shared ones (`shared`: yes) whose last rollback stands so, with this in the name; which columns. */
export interface ContextsView {
  readonly agent?: string | undefined;
  readonly shared?: string | undefined;
  readonly rollback?: string | undefined;
  readonly search?: string | undefined;
  readonly columns?: string | undefined;
}

/**
 * What a context's page shows: one version, two compared, one compared with another context's (`with`, a version's id), or who
 * changed a path (`history`); none of them means the newest. Then how a comparison reads, and which versions the list has.
 */
export interface ContextView {
  readonly version?: number | undefined;
  readonly compare?: { readonly from: number; readonly to: number } | undefined;
  readonly with?: string | undefined;
  readonly history?: string | undefined;
  readonly mode?: string | undefined;
  readonly full?: string | undefined;
  readonly message?: string | undefined;
  readonly author?: string | undefined;
  readonly only?: string | undefined;
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
