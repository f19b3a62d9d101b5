import { formatSubjectId } from "@muster/domain/event-subject.ts";
import { formatEventId, formatId } from "@muster/domain/ids.ts";
import type { LoggedEvent } from "@muster/events/event.ts";
import type { ResyncReason } from "@muster/events/frame.ts";

/** What is no event of the log but is sent all the same. */
export const TEST_TYPE = "muster.test";
export const RESYNC_TYPE = "muster.resync_required";

/** The body of an event's delivery: the event as the API names its fields, and the cursor right after it. */
export function eventBody(event: LoggedEvent, cursor: string): string {
  return JSON.stringify({
    type: event.type,
    project: event.projectId && formatId("project", event.projectId),
    event: {
      id: formatEventId(event.id),
      type: event.type,
      at: event.at.toISOString(),
      subjectId: formatSubjectId(event.type, event.subjectId),
      subjectVersion: event.subjectVersion,
      actor: {
        kind: event.actorKind,
        id: event.actorId && formatId(event.actorKind === "AGENT" ? "agent" : "apiKey", event.actorId),
        name: event.actorName,
      },
      reason: event.reason,
      correlationId: event.correlationId,
      labels: event.labels,
      payload: event.payload,
    },
    cursor,
  });
}

interface Notice {
  readonly webhookId: string;
  readonly projectId: string;
  readonly cursor: string;
}

/** The body of a test. */
export function testBody(notice: Notice): string {
  return noticeBody(TEST_TYPE, notice, {});
}

/**
 * The body of the notice that events are missing: read the state again. The webhook goes on after `cursor`, and `reason`
 * says why it could not after its own.
 */
export function resyncBody(notice: Notice, reason: ResyncReason): string {
  return noticeBody(RESYNC_TYPE, notice, { reason });
}

function noticeBody(type: string, { webhookId, projectId, cursor }: Notice, more: object): string {
  return JSON.stringify({
    type,
    project: formatId("project", projectId),
    webhook: formatId("webhook", webhookId),
    event: null,
    ...more,
    cursor,
  });
}
