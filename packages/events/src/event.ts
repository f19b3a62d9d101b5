import type { ActorKind } from "@muster/domain/actor.ts";
import { type SQL, sql } from "drizzle-orm";

/** An agent's labels: a flat object of texts. */
export type Labels = Readonly<Record<string, string>>;

/** One event of the log, as the database gives it. `id` and `xid` are decimal; the other ids are UUIDs. */
export interface LoggedEvent {
  readonly id: string;
  readonly xid: string;
  readonly workspaceId: string | null;
  readonly projectId: string | null;
  readonly type: string;
  readonly subjectId: string;
  readonly subjectVersion: number;
  readonly agentId: string | null;
  readonly taskId: string | null;
  readonly contextId: string | null;
  readonly actorKind: ActorKind;
  readonly actorId: string | null;
  readonly actorName: string;
  readonly reason: string | null;
  readonly correlationId: string | null;
  /** The API key or session that it was done with; null when Muster did it by itself. */
  readonly credentialId: string | null;
  /** The IP address that the request came from. */
  readonly address: string | null;
  readonly payload: unknown;
  /** Of the agent that it concerns, as they were then; null when it concerns none. */
  readonly labels: Labels | null;
  readonly at: Date;
}

/** The select list that yields a `LoggedEvent` from `events e`. */
export const EVENT_COLUMNS: SQL = sql.raw(
  [
    `e.id::text as "id", e.xid::text as "xid", e.workspace_id as "workspaceId", e.project_id as "projectId", e.type as "type"`,
    `e.subject_id as "subjectId", e.subject_version as "subjectVersion", e.agent_id as "agentId", e.task_id as "taskId"`,
    `e.context_id as "contextId", e.actor_kind as "actorKind", e.actor_id as "actorId", e.actor_name as "actorName"`,
    `e.reason as "reason", e.correlation_id as "correlationId", e.credential_id as "credentialId", host(e.address) as "address", e.payload as "payload", e.labels as "labels", e.at as "at"`,
  ].join(", "),
);
