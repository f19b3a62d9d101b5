import { type IdKind, parseAnyId, parseId } from "@muster/domain/ids.ts";
import type { EventFilter as LogFilter } from "@muster/events/filter.ts";
import { z } from "zod";
import { EventFilter } from "../events/event-filter.ts";

/** Ids stay as they were given: a filter is shown and changed by people. */
const idsOf = (kind: IdKind) => publicIds(`must be an id of this kind: ${kind}.`, (id) => parseId(kind, id) !== null);
const anyIds = publicIds("is not an id.", (id) => parseAnyId(id) !== null);

function publicIds(message: string, isId: (id: string) => boolean) {
  return z.array(z.string().refine(isId, message)).max(1_000).nullish();
}

/** Which events a webhook is sent: the conditions of an event filter but for times, with public ids. */
export const WebhookFilter = EventFilter.omit({ after: true, before: true }).extend({
  subjects: anyIds,
  agents: idsOf("agent"),
  tasks: idsOf("task"),
  contexts: idsOf("context"),
  actors: anyIds,
});
export type WebhookFilter = z.output<typeof WebhookFilter>;

/** The filter as the log is read with it. */
export function logFilterOf(filter: WebhookFilter): LogFilter {
  const { subjects, agents, tasks, contexts, actors, ...rest } = filter;
  const uuids = (ids: readonly string[] | null | undefined) => ids?.flatMap((id) => parseAnyId(id)?.uuid ?? []);
  return {
    ...rest,
    // Whoever may make a webhook need not be one who may read the audit log.
    withoutPeople: true,
    subjects: uuids(subjects),
    agents: uuids(agents),
    tasks: uuids(tasks),
    contexts: uuids(contexts),
    actors: uuids(actors),
  };
}
