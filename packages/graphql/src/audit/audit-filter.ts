import { type IdKind, parseAnyId } from "@muster/domain/ids.ts";
import type { AuditFilterInput } from "@muster/identity/audit/audit-filter.ts";
import { ActorKindEnum } from "../actors.ts";
import { builder } from "../builder.ts";
import { knownUuidsOf } from "../ids.ts";

export const AuditFilterType = builder.inputType("AuditFilter", {
  description: "Which entries of the audit log: all that is given has to hold, and of a list any one.",
  fields: (t) => ({
    types: t.stringList({ description: "Of one of these types, as in membership.granted." }),
    projects: t.idList({ description: "In one of these projects." }),
    subjects: t.idList({ description: "About one of these: people, keys, agents, tasks, contexts, …" }),
    actors: t.idList({ description: "Done by one of these people, agents or API keys." }),
    actorKinds: t.field({ type: [ActorKindEnum], description: "Done by one of these kinds of actors." }),
    credentials: t.idList({ description: "Done with one of these API keys or sessions." }),
    addresses: t.stringList({ description: "From one of these IP addresses or networks, as in 10.0.0.0/8." }),
    after: t.field({ type: "DateTime", description: "At this time or later." }),
    before: t.field({ type: "DateTime", description: "Earlier than this time." }),
    search: t.string({
      description: "With this in the type, the reason, the actor's name or a text of the payload. A to Z match a to z.",
    }),
  }),
});

/** The events of these have an index of their own. */
const TIMELINES: Partial<Record<IdKind, "agents" | "tasks" | "contexts">> = {
  agent: "agents",
  task: "tasks",
  context: "contexts",
};

/** Ids that cannot be are like ids of nothing: they match no entry. */
export function auditFilterOf(filter: typeof AuditFilterType.$inferInput | null | undefined): AuditFilterInput {
  if (!filter) return {};
  const { projects, subjects, actors, credentials, ...rest } = filter;
  return {
    ...rest,
    projects: projects && knownUuidsOf("project", projects),
    actors: actors && uuidsOf(actors),
    credentials: credentials && uuidsOf(credentials),
    ...(subjects ? subjectsOf(subjects) : {}),
  };
}

/** What happens to an agent, task or context concerns it too. */
function subjectsOf(ids: readonly string[]): Pick<AuditFilterInput, "subjects" | "agents" | "tasks" | "contexts"> {
  const subjects = uuidsOf(ids);
  const kinds = new Set(ids.map((id) => parseAnyId(id)?.kind));
  const [kind] = kinds;
  const timeline = kinds.size === 1 && kind ? TIMELINES[kind] : undefined;
  return timeline ? { subjects, [timeline]: subjects } : { subjects };
}

function uuidsOf(ids: readonly string[]): string[] {
  return ids.flatMap((id) => parseAnyId(id)?.uuid ?? []);
}
