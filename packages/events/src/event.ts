import type { ActorKind } from "@muster/domain/actor.ts";

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
  readonly payload: unknown;
  readonly at: Date;
}
