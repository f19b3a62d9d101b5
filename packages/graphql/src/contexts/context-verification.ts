import type { BadVersion, VersionProblem } from "@muster/operations/contexts/history/verification-findings.ts";
import { type ContextVerification, verifyContext } from "@muster/operations/contexts/history/verify-context.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { ContextType } from "./context.ts";

const VersionProblemEnum = builder.enumType("ContextVersionProblem", {
  description: "What is wrong with a version: somebody changed it in the database.",
  values: {
    RECORD: { description: "Its record does not match its hash, or does not follow the version before it." },
    DATA: { description: "Its data does not match its hash, or is gone." },
    MISSING: { description: "There is no such version any more." },
    EVENT: { description: "The event that was written with it says something else, or is gone." },
    NEWEST: { description: "It is newer than the context says its newest version is." },
  } satisfies Record<VersionProblem, { description: string }>,
});

const BadVersionType = builder.objectRef<BadVersion>("BadContextVersion").implement({
  permission: "context.read",
  description: "Something that is wrong with a version.",
  fields: (t) => ({
    number: t.exposeInt("number", { description: "The version's number." }),
    problem: t.field({ type: VersionProblemEnum, description: "What is wrong.", resolve: ({ problem }) => problem }),
    message: t.exposeString("message", { description: "The same, for people." }),
  }),
});

const ContextVerificationType = builder.objectRef<ContextVerification>("ContextVerification").implement({
  permission: "context.read",
  description: "What came of looking at everything that is stored of a context.",
  fields: (t) => ({
    context: t.field({ type: ContextType, description: "The context.", resolve: ({ contextId }) => contextId }),
    ok: t.exposeBoolean("ok", { description: "Whether everything is as it was written." }),
    versions: t.exposeInt("versions", { description: "How many versions there are." }),
    readable: t.exposeInt("readable", { description: "How many of them have their data, and it is what was written." }),
    pruned: t.exposeInt("pruned", {
      description: "Of how many retention has removed the data: of these the records are checked.",
    }),
    eventsCompared: t.exposeInt("eventsCompared", {
      description: "How many events say that a version was written, and were compared with it.",
    }),
    firstBad: t.field({
      type: BadVersionType,
      nullable: true,
      description: "The first version with which something is wrong.",
      resolve: ({ firstBad }) => firstBad,
    }),
    badVersions: t.field({
      type: [BadVersionType],
      description: "Everything that is wrong, by the versions' numbers; at most 100.",
      complexity: { field: 1, multiplier: 100 },
      resolve: ({ badVersions }) => [...badVersions],
    }),
  }),
});

builder.queryField("verifyContext", (t) =>
  t.field({
    type: ContextVerificationType,
    permission: "context.read",
    description:
      "Looks at every version of a context: its record and its place in the chain of hashes, its data, and the event that was " +
      "written with it, where retention left that. Takes some milliseconds for each megabyte of data.",
    args: { contextId: t.arg.id({ required: true, description: "The context." }) },
    complexity: 10_000,
    resolve: (_root, { contextId }, { runtime, caller, gone }) =>
      verifyContext(runtime, caller, uuidOf("context", contextId), gone),
  }),
);
