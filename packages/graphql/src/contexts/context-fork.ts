import { LimitExceeded, NotFound, VersionPruned } from "@muster/domain/errors.ts";
import { parseContextVersionId } from "@muster/domain/ids.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { forkContext } from "@muster/operations/contexts/fork-context.ts";
import { listForks } from "@muster/operations/contexts/fork-queries.ts";
import { builder } from "../builder.ts";
import { optionalUuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { nestedList } from "../nested-list.ts";
import { ContextConnection } from "./context-lists.ts";
import { ContextVersionType, keyOf } from "./context-version.ts";
import { ContextType } from "./context.ts";

const forksOf = nestedList(({ runtime, caller }, contextIds, page: PageArguments) =>
  listForks(runtime, caller, contextIds, page),
);

builder.objectFields(ContextType, (t) => ({
  forkedFrom: t.field({
    type: ContextVersionType,
    nullable: true,
    description: "The version of another context that it was started from; null when it began empty.",
    resolve: ({ forkedFromId: contextId, forkedFromVersion: number }) =>
      contextId === null || number === null ? null : keyOf({ contextId, number }),
  }),
  forks: t.connection(
    {
      type: ContextType,
      description: "The contexts that were started from a version of this one, the newest first.",
      resolve: (context, page, request) => forksOf(context.id, page, request),
    },
    ContextConnection,
  ),
}));

const ForkContextInput = builder.inputType("ForkContextInput", {
  description: "A context to start from a version of another, in the same project.",
  fields: (t) => ({
    fromVersion: t.id({ required: true, description: "The version's id: ctx_…@3." }),
    agentId: t.id({ description: "The agent whose memory it will be; without one the project's agents share it." }),
    name: t.string({ required: true, description: "Its name: up to 200 characters." }),
    message: t.string({ description: "What to say about its first version: up to 1,000 characters." }),
  }),
});

mutation("forkContext", {
  permission: "context.write",
  description:
    "Starts a context whose version 1 has the data of another's version. Pins, holds and settings do not come along.",
  input: ForkContextInput,
  success: successOf("forkContext", ContextType),
  errors: [LimitExceeded, VersionPruned],
  resolve: async ({ fromVersion, agentId, name, message }, { runtime, caller }) => {
    const version = parseContextVersionId(fromVersion);
    if (version === null) throw new NotFound("context version");
    return {
      data: await forkContext(runtime, caller, {
        ...version,
        agentId: optionalUuidOf("agent", agentId),
        name,
        message,
      }),
    };
  },
});
