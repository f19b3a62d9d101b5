import { Conflict, LimitExceeded, RollbackPending, VersionHeld, VersionPruned } from "@muster/domain/errors.ts";
import { acknowledgeContext } from "@muster/operations/contexts/rollbacks/acknowledge-context.ts";
import { openContext } from "@muster/operations/contexts/open-context.ts";
import { releaseVersion } from "@muster/operations/contexts/rollbacks/release-version.ts";
import { rollBackContext } from "@muster/operations/contexts/rollbacks/roll-back-context.ts";
import { writeContext } from "@muster/operations/contexts/versions/write-context.ts";
import { builder } from "../builder.ts";
import { optionalUuidOf, uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { ContextVersionType } from "./context-version.ts";
import { ContextType } from "./context.ts";

const OpenContextInput = builder.inputType("OpenContextInput", {
  description: "A context to open.",
  fields: (t) => ({
    projectId: t.id({ required: true, description: "The project." }),
    agentId: t.id({ description: "The agent whose memory it is; without one the project's agents share it." }),
    name: t.string({ required: true, description: "Its name: up to 200 characters." }),
  }),
});

mutation("openContext", {
  permission: "context.write",
  description:
    "Opens a context: the one with this name, or a new one when there is none. Any number of callers get the same.",
  input: OpenContextInput,
  success: successOf("openContext", ContextType),
  errors: [LimitExceeded],
  resolve: async ({ projectId, agentId, name }, { runtime, caller }) => ({
    data: await openContext(runtime, caller, {
      projectId: uuidOf("project", projectId),
      agentId: optionalUuidOf("agent", agentId),
      name,
    }),
  }),
});

const JsonPatchOperationInput = builder.inputType("JsonPatchOperationInput", {
  description: "One operation of a JSON Patch (RFC 6902).",
  fields: (t) => ({
    op: t.string({ required: true, description: "add, remove, replace, move, copy or test." }),
    path: t.string({ required: true, description: "Where, as a JSON Pointer (RFC 6901)." }),
    from: t.string({ description: "From where: move and copy need it." }),
    value: t.field({ type: "JSON", description: "The value: add, replace and test need it." }),
  }),
});

const WriteContextInput = builder.inputType("WriteContextInput", {
  description: "A new version: exactly one of the whole data, a patch and a merge patch.",
  fields: (t) => ({
    contextId: t.id({ required: true, description: "The context." }),
    data: t.field({ type: "JSON", description: "The whole data: anything but null." }),
    patch: t.field({
      type: [JsonPatchOperationInput],
      description:
        "What to change in the newest version's data ({} before the first); up to 1,000 operations, all or none.",
    }),
    mergePatch: t.field({
      type: "JSON",
      description:
        "A JSON Merge Patch (RFC 7396) of the newest version's data: members replace those that are there, null removes them.",
    }),
    merge: t.boolean({
      description:
        "When baseVersion is not the newest any more: put the change together with those that were written since, unless they touch. " +
        "Changes to one place, or to a place above or beneath it, touch, and so do changes to one list other than of whole elements in their places.",
    }),
    message: t.string({ description: "What to say about it: up to 1,000 characters." }),
    baseVersion: t.int({
      description:
        "The version that was read. Refused when it is older than the last rollback; without merge, a patch is applied to this one only.",
    }),
    expectedVersion: t.int({ description: "Refused unless this is the newest version." }),
    idempotencyKey: t.string({
      description: "A repeat with the same key answers with the version that was written first.",
    }),
  }),
});

mutation("writeContext", {
  permission: "context.write",
  description: "Appends a version to a context.",
  input: WriteContextInput,
  success: successOf("writeContext", ContextVersionType),
  errors: [Conflict, LimitExceeded, RollbackPending, VersionHeld, VersionPruned],
  resolve: async (input, { runtime, caller }) => ({
    data: await writeContext(runtime, caller, { ...input, contextId: uuidOf("context", input.contextId) }),
  }),
});

const RollBackContextInput = builder.inputType("RollBackContextInput", {
  description: "A rollback.",
  fields: (t) => ({
    contextId: t.id({ required: true, description: "The context." }),
    toVersion: t.int({ required: true, description: "The version whose data to go back to: older than the newest." }),
    reason: t.string({ required: true, description: "Why, for people." }),
    expectedVersion: t.int({ description: "Refused unless this is the newest version." }),
  }),
});

mutation("rollBackContext", {
  permission: "context.rollBack",
  description:
    "Appends a version that repeats an older one's data, and asks the running agents that use the context to load it. " +
    "Skipped versions with other data are held: writing the same data is refused until releaseContextVersion.",
  input: RollBackContextInput,
  success: successOf("rollBackContext", ContextType),
  errors: [Conflict, VersionPruned],
  resolve: async (input, { runtime, caller }) => ({
    data: await rollBackContext(runtime, caller, { ...input, contextId: uuidOf("context", input.contextId) }),
  }),
});

const AcknowledgeContextInput = builder.inputType("AcknowledgeContextInput", {
  description: "An agent's word on a version.",
  fields: (t) => ({
    contextId: t.id({ required: true, description: "The context." }),
    agentId: t.id({ required: true, description: "The agent." }),
    version: t.int({ required: true, description: "The version that it has loaded, or could not load." }),
    ok: t.boolean({ required: true, description: "Whether it has loaded it." }),
    error: t.string({ description: "Why it could not." }),
  }),
});

mutation("acknowledgeContext", {
  permission: "agent.act",
  description:
    "Says that an agent has loaded a version, or could not. This answers a rollback to that version or an earlier one.",
  input: AcknowledgeContextInput,
  success: successOf("acknowledgeContext", ContextType),
  resolve: async (input, { runtime, caller }) => ({
    data: await acknowledgeContext(runtime, caller, {
      ...input,
      contextId: uuidOf("context", input.contextId),
      agentId: uuidOf("agent", input.agentId),
    }),
  }),
});

const ReleaseContextVersionInput = builder.inputType("ReleaseContextVersionInput", {
  description: "A version to release.",
  fields: (t) => ({
    contextId: t.id({ required: true, description: "The context." }),
    number: t.int({ required: true, description: "The version's number." }),
    reason: t.string({ required: true, description: "Why, for people." }),
  }),
});

mutation("releaseContextVersion", {
  permission: "context.rollBack",
  description: "Allows data that a rollback skipped to be written again. Changes nothing when the version is not held.",
  input: ReleaseContextVersionInput,
  success: successOf("releaseContextVersion", ContextVersionType),
  resolve: async (input, { runtime, caller }) => ({
    data: await releaseVersion(runtime, caller, { ...input, contextId: uuidOf("context", input.contextId) }),
  }),
});
