import type { Caller } from "@muster/domain/actor.ts";
import { AGENT_STATES } from "@muster/domain/agent-lifecycle.ts";
import { TASK_STATES } from "@muster/domain/task-lifecycle.ts";
import { z } from "zod";
import { labels, text } from "../input.ts";

const ids = z.array(z.uuid()).max(1_000).nullish();
/** What both JavaScript and Postgres can write. */
export const time = z.date().min(new Date("0001-01-01"), "is too early.").max(new Date("9999-12-31"), "is too late.");

/** Which events: all conditions must hold; what is null or missing does not count. Ids are UUIDs. */
export const EventFilter = z.object({
  types: z.array(text(100)).max(100).nullish(),
  subjects: ids,
  agents: ids,
  tasks: ids,
  contexts: ids,
  actors: ids,
  /** Caused by these requests. */
  correlations: z.array(text(200)).max(100).nullish(),
  /** The state of an agent or of a task that a transition led to. */
  states: z
    .array(z.enum([...AGENT_STATES, ...TASK_STATES]))
    .max(100)
    .nullish(),
  /** Concerning an agent that had at least these labels when it happened. */
  labels: labels.nullish(),
  /** At this time or later. */
  after: time.nullish(),
  /** Earlier than this time. */
  before: time.nullish(),
  /** Part of the type, the reason, the actor's name or a text in the payload. */
  search: text(200, 0).nullish(),
});
export type EventFilterInput = z.input<typeof EventFilter>;

/**
 * The part of a filter that is not up to the caller: an agent does not see into the private contexts of others, and what is about people
 * and keys is for those who may read the audit log.
 */
export function visibleTo({ actor }: Caller): { readonly reader: string | null; readonly withoutPeople: boolean } {
  return { reader: actor.kind === "AGENT" ? actor.id : null, withoutPeople: !actor.permissions.has("audit.read") };
}
