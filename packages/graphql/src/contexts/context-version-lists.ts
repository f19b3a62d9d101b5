import type { PageArguments } from "@muster/domain/page.ts";
import { parseAnyId } from "@muster/domain/ids.ts";
import { listVersions, type VersionFilter, versionsAt } from "@muster/operations/contexts/versions/version-list.ts";
import { ActorKindEnum } from "../actors.ts";
import { builder } from "../builder.ts";
import { nestedField, nestedList } from "../nested-list.ts";
import { ContextVersionType, keyOf } from "./context-version.ts";
import { ContextType } from "./context.ts";

const ContextVersionFilterInput = builder.inputType("ContextVersionFilter", {
  description: "Which versions: all that is given has to hold, and of a list any one.",
  fields: (t) => ({
    authors: t.idList({ description: "Written by one of these agents or API keys." }),
    authorKinds: t.field({ type: [ActorKindEnum], description: "Written by one of these kinds of actors." }),
    search: t.string({ description: "With this in the message, in any case." }),
    createdAfter: t.field({ type: "DateTime", description: "Written later than this." }),
    createdBefore: t.field({ type: "DateTime", description: "Written earlier than this." }),
    rollbacksOnly: t.boolean({ description: "Only those that a rollback appended." }),
    pinnedOnly: t.boolean({ description: "Only those that have a name." }),
  }),
});

const ContextVersionConnection = builder.connectionObject(
  { type: ContextVersionType, name: "ContextVersionConnection", description: "A page of versions." },
  { name: "ContextVersionEdge", description: "A version in a page." },
);

interface Listing extends PageArguments {
  readonly heldOnly?: boolean | null | undefined;
  readonly filter?: typeof ContextVersionFilterInput.$inferInput | null | undefined;
}

/** Ids that cannot be are like ids of nobody: they have written nothing. */
function filterOf({ heldOnly, filter }: Listing): VersionFilter {
  const { authors, ...rest } = filter ?? {};
  return { ...rest, heldOnly, authors: authors && authors.flatMap((id) => parseAnyId(id)?.uuid ?? []) };
}

const versionsOf = nestedList(({ runtime, caller }, contextIds, { heldOnly, filter, ...page }: Listing) =>
  listVersions(runtime, caller, contextIds, filterOf({ heldOnly, filter }), page),
);

const versionAtOf = nestedField(({ runtime, caller }, contextIds, { time }: { time: Date }) =>
  versionsAt(runtime, caller, contextIds, time),
);

builder.objectFields(ContextType, (t) => ({
  version: t.field({
    type: ContextVersionType,
    nullable: true,
    description: "One version by its number; null when there is none.",
    args: { number: t.arg.int({ required: true, description: "Its number." }) },
    resolve: (context, { number }) => keyOf({ contextId: context.id, number }),
  }),
  versionAt: t.field({
    type: ContextVersionType,
    nullable: true,
    description: "What was the newest version at a time; null before the first.",
    args: {
      time: t.arg({
        type: "DateTime",
        required: true,
        description: "The time: the end of the millisecond that it names, so that a version is found by its createdAt.",
      }),
    },
    resolve: (context, { time }, request) => versionAtOf(context.id, { time }, request),
  }),
  versions: t.connection(
    {
      type: ContextVersionType,
      description: "Its versions, the newest first.",
      args: {
        heldOnly: t.arg.boolean({ description: "Only versions that a rollback skipped and that nobody has released." }),
        filter: t.arg({ type: ContextVersionFilterInput, description: "Only those that match." }),
      },
      resolve: (context, listing, request) => versionsOf(context.id, listing, request),
    },
    ContextVersionConnection,
  ),
}));
