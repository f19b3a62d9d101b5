import { previewRollback, type RollbackPreview } from "@muster/operations/contexts/rollbacks/preview-rollback.ts";
import type { RollbackWarning, RollbackWarningCode } from "@muster/operations/contexts/rollbacks/rollback-warnings.ts";
import { builder } from "../builder.ts";
import { TaskType } from "../tasks/task.ts";
import { ContextReaderType } from "./context-reader.ts";
import { ContextVersionType, JsonPatchOperationType, keyOf } from "./context-version.ts";
import { ContextType } from "./context.ts";

const RollbackWarningCodeEnum = builder.enumType("RollbackWarningCode", {
  description: "What a warning about a rollback is about.",
  values: {
    SUPERSEDES_ROLLBACK: { description: "A rollback is still PENDING: it fails, and this one takes its place." },
    SCHEMA_MISMATCH: { description: "The data does not match the context's schema; a rollback is made all the same." },
    NEWEST_UNREADABLE: { description: "The newest version's data was changed in the database." },
  } satisfies Record<RollbackWarningCode, { description: string }>,
});

const RollbackWarningType = builder.objectRef<RollbackWarning>("RollbackWarning").implement({
  permission: "context.read",
  description: "Something to think about before a rollback; nothing that keeps it from being made.",
  fields: (t) => ({
    code: t.field({ type: RollbackWarningCodeEnum, description: "What it is about.", resolve: ({ code }) => code }),
    message: t.exposeString("message", { description: "A sentence for people." }),
  }),
});

const RollbackPreviewType = builder.objectRef<RollbackPreview>("RollbackPreview").implement({
  permission: "context.read",
  description: "What a rollback would do if it were made now.",
  fields: (t) => ({
    fromVersion: t.field({
      type: ContextVersionType,
      description: "The newest version: give its number as rollBackContext's expectedVersion.",
      resolve: ({ contextId, fromVersion }) => keyOf({ contextId, number: fromVersion }),
    }),
    toVersion: t.field({
      type: ContextVersionType,
      description: "The version whose data would be gone back to.",
      resolve: ({ contextId, toVersion }) => keyOf({ contextId, number: toVersion }),
    }),
    operations: t.field({
      type: [JsonPatchOperationType],
      description: "What would change in the data, as a JSON Patch (RFC 6902).",
      resolve: (preview) => [...preview.operations],
    }),
    skipped: t.field({
      type: [ContextVersionType],
      description:
        "The versions with other data that would be held from then on, the newest first; at most 200 of them.",
      complexity: { field: 1, multiplier: 200 },
      resolve: ({ contextId, skipped }) => skipped.map((number) => keyOf({ contextId, number })),
    }),
    skippedCount: t.exposeInt("skippedCount", { description: "How many those are." }),
    releases: t.field({
      type: [ContextVersionType],
      description:
        "Versions that are held and would not be any more, since their data is what is gone back to; at most 200 of them.",
      complexity: { field: 1, multiplier: 200 },
      resolve: ({ contextId, releases }) => releases.map((number) => keyOf({ contextId, number })),
    }),
    releaseCount: t.exposeInt("releaseCount", { description: "How many those are." }),
    agents: t.field({
      type: [ContextReaderType],
      description:
        "The agents that use the context, by name: those that would be asked (wouldConfirm), and the others.",
      resolve: (preview) => [...preview.agents],
    }),
    runningTasks: t.field({
      type: [TaskType],
      description: "Tasks that run now with agents that would be asked, the longest first; at most 100 of them.",
      complexity: { field: 1, multiplier: 100 },
      resolve: (preview) => [...preview.runningTasks],
    }),
    runningTaskCount: t.exposeInt("runningTaskCount", { description: "How many those are." }),
    warnings: t.field({
      type: [RollbackWarningType],
      description: "What to think about before.",
      resolve: (preview) => [...preview.warnings],
    }),
  }),
});

builder.objectField(ContextType, "rollbackPreview", (t) =>
  t.field({
    type: RollbackPreviewType,
    description: "What rollBackContext would do. Fails as it would: VERSION_PRUNED, INVALID_INPUT.",
    args: { toVersion: t.arg.int({ required: true, description: "The version whose data to go back to." }) },
    complexity: 1_000,
    resolve: (context, { toVersion }, { runtime, caller }) =>
      previewRollback(runtime, caller, { contextId: context.id, toVersion }),
  }),
);
