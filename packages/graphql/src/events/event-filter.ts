import { parseAnyId } from "@muster/domain/ids.ts";
import type { EventFilterInput } from "@muster/operations/events/event-filter.ts";
import { builder } from "../builder.ts";
import { knownUuidsOf } from "../ids.ts";

export const EventFilterType = builder.inputType("EventFilter", {
  description: "Which events: all that is given has to hold, and of a list any one.",
  fields: (t) => ({
    types: t.stringList({ description: "Of one of these types, as in agent.transitioned." }),
    subjects: t.idList({ description: "About one of these: agents, tasks, contexts, definitions, …" }),
    agents: t.idList({ description: "Concerning one of these agents, also as the holder of a task." }),
    tasks: t.idList({ description: "Concerning one of these tasks." }),
    contexts: t.idList({ description: "Concerning one of these contexts." }),
    actors: t.idList({ description: "Caused by one of these agents or API keys." }),
    correlations: t.stringList({
      description: "Caused by one of these requests: their correlation ids. Quick only together with after and before.",
    }),
    states: t.stringList({
      description: "Transitions that led to one of these states, as in ERROR or FAILED: of an agent or of a task.",
    }),
    labels: t.field({
      type: "JSON",
      description: "Concerning an agent that had at least these labels when it happened: an object of texts.",
    }),
    after: t.field({ type: "DateTime", description: "At this time or later." }),
    before: t.field({ type: "DateTime", description: "Earlier than this time." }),
    search: t.string({
      description: "With this in the type, the reason, the actor's name or a text of the payload. A to Z match a to z.",
    }),
  }),
});

/** Ids that cannot be are like ids of nothing: they match no event. */
export function eventFilterOf(filter: typeof EventFilterType.$inferInput | null | undefined): EventFilterInput {
  if (!filter) return {};
  const { subjects, agents, tasks, contexts, actors, states, ...rest } = filter;
  return {
    ...rest,
    // Checked with the rest, where the answer says which states there are.
    states: states as never,
    subjects: subjects && anyUuidsOf(subjects),
    agents: agents && knownUuidsOf("agent", agents),
    tasks: tasks && knownUuidsOf("task", tasks),
    contexts: contexts && knownUuidsOf("context", contexts),
    actors: actors && anyUuidsOf(actors),
  };
}

function anyUuidsOf(ids: readonly string[]): string[] {
  return ids.flatMap((id) => parseAnyId(id)?.uuid ?? []);
}
