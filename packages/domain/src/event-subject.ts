import { formatId, type IdKind } from "./ids.ts";

/** What a subject is, by the first part of an event's type. */
const SUBJECT_KINDS: Readonly<Record<string, IdKind>> = {
  agent: "agent",
  api_key: "apiKey",
  bulk_job: "bulkJob",
  context: "context",
  definition: "definition",
  membership: "membership",
  operations: "operationSet",
  project: "project",
  queue: "queue",
  rate_limit: "rateLimit",
  saved_view: "savedView",
  schedule: "schedule",
  session: "session",
  task: "task",
  user: "user",
  webhook: "webhook",
  workflow: "workflow",
  workspace: "workspace",
};

/** The public id of an event's subject: `formatSubjectId("task.transitioned", "018f…")` → `task_01h…`. */
export function formatSubjectId(eventType: string, subjectUuid: string): string {
  const kind = SUBJECT_KINDS[eventType.slice(0, eventType.indexOf("."))];
  if (!kind) throw new TypeError(`Events of type ${eventType} have no known subject.`);
  return formatId(kind, subjectUuid);
}
