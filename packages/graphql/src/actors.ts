import type { ActorKind } from "@muster/domain/actor.ts";
import { formatId, type IdKind } from "@muster/domain/ids.ts";
import { builder } from "./builder.ts";

/** Who did something, as rows hold it. `id` is a UUID. */
export interface ActorReference {
  readonly kind: ActorKind;
  readonly id: string | null;
  readonly name: string;
}

export const ActorKindEnum = builder.enumType("ActorKind", {
  description: "What kind of actor does something.",
  values: {
    USER: { description: "A person." },
    AGENT: { description: "An agent, with its own key." },
    API_KEY: { description: "A program, with an API key." },
    SYSTEM: { description: "Muster itself." },
  } satisfies Record<ActorKind, { description: string }>,
});

export const ActorType = builder.objectRef<ActorReference>("Actor").implement({
  permission: { none: "It stands beside what it did, which has its own permission." },
  description: "Who did something.",
  fields: (t) => ({
    kind: t.field({ type: ActorKindEnum, description: "What kind of actor it is.", resolve: (actor) => actor.kind }),
    id: t.id({
      nullable: true,
      description: "The person's, agent's or API key's id; null for Muster itself.",
      resolve: (actor) => publicId(actor),
    }),
    name: t.exposeString("name", { description: "A name for people." }),
  }),
});

const ID_KINDS = { USER: "user", AGENT: "agent", API_KEY: "apiKey", SYSTEM: "apiKey" } as const satisfies Record<
  ActorKind,
  IdKind
>;

function publicId(actor: ActorReference): string | null {
  if (actor.id === null) return null;
  return formatId(ID_KINDS[actor.kind], actor.id);
}
