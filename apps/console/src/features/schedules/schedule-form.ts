import type { CatchUpPolicy } from "#api/generated/graphql.ts";
import { type InputIssue, sentenceOf } from "#api/input-issues.ts";

/** What a form of a schedule holds; the template as the text that was typed. */
export interface ScheduleValues {
  readonly name: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly catchUp: CatchUpPolicy;
  readonly task: string;
}

export const NEW_SCHEDULE: ScheduleValues = {
  name: "",
  cron: "0 9 * * MON-FRI",
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC",
  catchUp: "LAST",
  task: `{\n  "kind": "build",\n  "input": {}\n}`,
};

/** What becomes of times that passed while no server was there. */
export const CATCH_UP: Readonly<Record<CatchUpPolicy, { readonly name: string; readonly hint: string }>> = {
  LAST: { name: "Run once", hint: "However many times passed, the latest of them gets a task." },
  ALL: { name: "Run each of them", hint: "Every time that passed gets a task, the oldest first." },
  NONE: { name: "Skip them", hint: "Times that are more than a minute late get no task." },
};

const FIELDS = ["name", "cron", "timeZone", "task"] as const;
type Field = (typeof FIELDS)[number];

/** The API's issues by the field that they stand at; of the template with the place in it. `rest`: those that stand at none. */
export function issuesAt(issues: readonly InputIssue[]): {
  readonly fields: Readonly<Partial<Record<Field, string>>>;
  readonly rest: readonly string[];
} {
  const fields: Partial<Record<Field, string>> = {};
  const rest: string[] = [];
  for (const { path, message } of issues) {
    const field = FIELDS.find((name) => name === path[0]);
    const inside = path.slice(1).join(".");
    const said = inside === "" ? sentenceOf(message) : `${inside} ${message}`;
    if (field === undefined) rest.push(path.length === 0 ? said : `${path.join(".")} ${message}`);
    else fields[field] = fields[field] === undefined ? said : `${fields[field]} ${said}`;
  }
  return { fields, rest };
}
