import { type ProjectRoute, routes } from "#routes.ts";

interface Destination {
  /** Pressed after g. */
  readonly key: string;
  readonly name: string;
  readonly href: (project: ProjectRoute) => string;
}

/** Where two keys lead: g, then one of these. */
export const DESTINATIONS: readonly Destination[] = [
  { key: "o", name: "Overview", href: (project) => routes.overview(project) },
  { key: "f", name: "Fleet", href: (project) => routes.fleet(project) },
  { key: "t", name: "Tasks", href: (project) => routes.tasks(project) },
  { key: "c", name: "Contexts", href: (project) => routes.contexts(project) },
  { key: "a", name: "Activity", href: (project) => routes.activity(project) },
  { key: "w", name: "Workflows", href: (project) => routes.workflows(project) },
  { key: "s", name: "Schedules", href: (project) => routes.schedules(project) },
  { key: "q", name: "Queues", href: (project) => routes.queues(project) },
  { key: "b", name: "Bulk jobs", href: (project) => routes.bulkJobs(project) },
  { key: "d", name: "Definitions", href: (project) => routes.definitions(project) },
  { key: "h", name: "Webhooks", href: (project) => routes.webhooks(project) },
  { key: "e", name: "Explorer", href: (project) => routes.explorer(project) },
  { key: ",", name: "Settings", href: (project) => routes.settings(project) },
];

interface Binding {
  /** Pressed one after the other. */
  readonly keys: readonly string[];
  readonly does: string;
}

interface BindingGroup {
  readonly name: string;
  readonly bindings: readonly Binding[];
}

/** Every key that the console listens to, for the sheet that ? opens. */
export const KEY_BINDINGS: readonly BindingGroup[] = [
  {
    name: "Everywhere",
    bindings: [
      { keys: ["⌘/Ctrl K"], does: "Search, or run a command" },
      { keys: ["?"], does: "Show these keys" },
      { keys: ["/"], does: "Search in this page" },
      { keys: ["Esc"], does: "Close, or go back to the whole" },
    ],
  },
  {
    name: "Lists",
    bindings: [
      { keys: ["j"], does: "Next row" },
      { keys: ["k"], does: "Previous row" },
      { keys: ["Enter"], does: "Open the row" },
      { keys: ["x"], does: "Select the row" },
      { keys: ["Shift x"], does: "Select all up to the row" },
    ],
  },
  {
    name: "Timeline and activity",
    bindings: [
      { keys: ["p"], does: "Previous event" },
      { keys: ["n"], does: "Next event" },
      { keys: ["+"], does: "Less time in the bar" },
      { keys: ["−"], does: "More time in the bar" },
    ],
  },
  {
    name: "Versions of a context",
    bindings: [
      { keys: ["v"], does: "Compare the two that are chosen" },
      { keys: ["n"], does: "Next change" },
      { keys: ["p"], does: "Previous change" },
    ],
  },
  {
    name: "Graph of a workflow",
    bindings: [
      { keys: ["← →"], does: "Go along the lines" },
      { keys: ["↑ ↓"], does: "Go to the step above or below" },
      { keys: ["Enter"], does: "Open the step, or unfold the group" },
      { keys: ["Shift ← → ↑ ↓"], does: "Move the graph" },
      { keys: ["+"], does: "Larger" },
      { keys: ["−"], does: "Smaller" },
      { keys: ["0"], does: "All of it" },
    ],
  },
  { name: "Go to", bindings: DESTINATIONS.map(({ key, name }) => ({ keys: ["g", key], does: name })) },
];
