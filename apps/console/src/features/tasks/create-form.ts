import type { CreateTaskInput, DependencyCondition } from "#api/generated/graphql.ts";

/** The fields of the form that creates a task, as they are typed. The input has a form of its own. */
export interface CreateValues {
  readonly kind: string;
  /** A name or an id; empty: any agent that can do it. */
  readonly agent: string;
  readonly capability: string;
  readonly queue: string;
  readonly priority: string;
  /** As `datetime-local` fields hold them. */
  readonly runAt: string;
  readonly deadline: string;
  /** As people write it: "90s", "10m", "2h". */
  readonly timeout: string;
  readonly maxFailures: string;
  readonly concurrencyKey: string;
  readonly concurrencyLimit: string;
  readonly rateLimitKey: string;
  readonly idempotencyKey: string;
  /** `zone=eu, gpu=a100`. */
  readonly labels: string;
  /** Ids of tasks, with anything between. */
  readonly dependsOn: string;
  readonly dependencyCondition: DependencyCondition;
}

export type CreateProblems = Readonly<Partial<Record<keyof CreateValues, string>>>;

export const BLANK: CreateValues = {
  kind: "",
  agent: "",
  capability: "",
  queue: "",
  priority: "",
  runAt: "",
  deadline: "",
  timeout: "",
  maxFailures: "",
  concurrencyKey: "",
  concurrencyLimit: "",
  rateLimitKey: "",
  idempotencyKey: "",
  labels: "",
  dependsOn: "",
  dependencyCondition: "ALL_SUCCEEDED",
};

/** What the form shows of a task that the new one is to be like. */
export function valuesLike(input: CreateTaskInput, agentName: string | undefined): CreateValues {
  const labels = Object.entries((input.labels ?? {}) as Record<string, string>);
  const number = (value: number | null | undefined) => (value == null ? "" : String(value));
  return {
    ...BLANK,
    kind: input.kind,
    agent: agentName ?? (input.agentId == null ? "" : String(input.agentId)),
    capability: input.capability ?? "",
    queue: input.queue ?? "",
    priority: number(input.priority),
    timeout: input.timeoutMs == null ? "" : spanText(input.timeoutMs),
    maxFailures: number(input.maxFailures),
    concurrencyKey: input.concurrencyKey ?? "",
    concurrencyLimit: number(input.concurrencyLimit),
    rateLimitKey: input.rateLimitKey ?? "",
    labels: labels.map(([name, value]) => `${name}=${value}`).join(", "),
  };
}

/** What is sent, without the project and the input. What is left empty is left out. */
export type TaskFields = Omit<CreateTaskInput, "projectId" | "input">;

interface Read {
  readonly problems: CreateProblems;
  readonly fields: TaskFields;
}

/** Reads what was typed. `agents`: ids by names. */
export function readCreateValues(values: CreateValues, agents: ReadonlyMap<string, string>): Read {
  const problems: Partial<Record<keyof CreateValues, string>> = {};
  const text = (name: keyof CreateValues) => values[name].trim();
  const whole = (name: keyof CreateValues): number | null => {
    if (text(name) === "") return null;
    if (/^-?\d{1,9}$/.test(text(name))) return Number(text(name));
    problems[name] = "A whole number.";
    return null;
  };
  const moment = (name: keyof CreateValues): string | null => {
    if (text(name) === "") return null;
    const time = new Date(text(name)).getTime();
    if (Number.isNaN(time)) problems[name] = "Not a time.";
    return Number.isNaN(time) ? null : new Date(time).toISOString();
  };
  if (text("kind") === "") problems.kind = "What is to be done?";
  const agentId = text("agent").startsWith("agent_") ? text("agent") : agents.get(text("agent"));
  if (text("agent") !== "" && agentId === undefined) {
    problems.agent = "No agent of the project has this name. Its id can be given as well.";
  }
  const timeoutMs = text("timeout") === "" ? null : spanOf(text("timeout"));
  if (Number.isNaN(timeoutMs)) problems.timeout = "Such as 90s, 10m or 2h.";
  const labels = labelsOf(text("labels"));
  if (labels === null) problems.labels = "Such as zone=eu, gpu=a100.";
  const dependsOn = text("dependsOn").match(/task_[0-9a-z]+/g) ?? [];
  if (text("dependsOn") !== "" && dependsOn.length === 0) problems.dependsOn = "Ids of tasks: task_…";
  const given = {
    agentId: agentId || null,
    capability: text("capability") || null,
    queue: text("queue") || null,
    priority: whole("priority"),
    runAt: moment("runAt"),
    deadline: moment("deadline"),
    timeoutMs,
    maxFailures: whole("maxFailures"),
    concurrencyKey: text("concurrencyKey") || null,
    concurrencyLimit: whole("concurrencyLimit"),
    rateLimitKey: text("rateLimitKey") || null,
    idempotencyKey: text("idempotencyKey") || null,
    labels: labels && Object.keys(labels).length > 0 ? labels : null,
    dependsOn: dependsOn.length > 0 ? [...new Set(dependsOn)] : null,
    dependencyCondition: dependsOn.length > 0 ? values.dependencyCondition : null,
  };
  const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  return { problems, fields: { kind: text("kind"), ...fields } };
}

/** The field of the form that an issue of the API is about. */
export const FIELD_OF: Readonly<Record<string, keyof CreateValues>> = {
  ...Object.fromEntries(Object.keys(BLANK).map((name) => [name, name as keyof CreateValues])),
  agentId: "agent",
  timeoutMs: "timeout",
};

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function spanOf(text: string): number {
  const [, count, unit = "s"] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$/.exec(text) ?? [];
  return count === undefined ? Number.NaN : Math.round(Number(count) * (UNITS[unit] ?? Number.NaN));
}

function spanText(milliseconds: number): string {
  const unit = ["d", "h", "m", "s"].find((each) => milliseconds % (UNITS[each] ?? 1) === 0) ?? "ms";
  return `${milliseconds / (UNITS[unit] ?? 1)}${unit}`;
}

function labelsOf(text: string): Record<string, string> | null {
  if (text === "") return {};
  const pairs = text.split(",").map((each) =>
    each
      .trim()
      .split("=")
      .map((part) => part.trim()),
  );
  if (pairs.some((pair) => pair.length !== 2 || pair[0] === "")) return null;
  return Object.fromEntries(pairs as [string, string][]);
}
