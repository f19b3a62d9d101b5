import {
  Conflict,
  Forbidden,
  IllegalTransition,
  type InputIssue,
  InvalidInput,
  LeaseLost,
  LimitExceeded,
  type MusterError,
  NotFound,
  RollbackPending,
  VersionHeld,
  VersionPruned,
} from "@muster/domain/errors.ts";
import { builder } from "./builder.ts";

const TOLD = { none: "Whoever is refused is told why." };

const ErrorInterface = builder.interfaceRef<MusterError>("Error").implement({
  permission: TOLD,
  description: "A failure that a caller can expect. The message is a sentence that says what to do next.",
  fields: (t) => ({
    code: t.exposeString("code", { description: "The same for every error of this type, for programs." }),
    message: t.exposeString("message", { description: "What is wrong and what to do next, for people." }),
  }),
});

builder.objectType(IllegalTransition, {
  name: "IllegalTransition",
  permission: TOLD,
  description: "The action is not allowed in the present state.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    state: t.exposeString("state", { description: "The present state." }),
    action: t.exposeString("action", { description: "The action that was asked for." }),
    allowed: t.stringList({ description: "The actions that are allowed now.", resolve: (error) => [...error.allowed] }),
  }),
});

builder.objectType(Conflict, {
  name: "Conflict",
  permission: TOLD,
  description: "The state or version that the caller expected is not the present one.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    expected: t.exposeString("expected", { description: "What the caller expected." }),
    actual: t.exposeString("actual", { description: "What it is." }),
  }),
});

builder.objectType(LeaseLost, {
  name: "LeaseLost",
  permission: TOLD,
  description: "The caller does not hold the task any more. Stop working on it.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    currentAttempt: t.exposeInt("currentAttempt", { description: "The attempt that the task is at." }),
  }),
});

builder.objectType(NotFound, {
  name: "NotFound",
  permission: TOLD,
  description: "There is no such thing, or it is not yours to see.",
  interfaces: [ErrorInterface],
});

builder.objectType(Forbidden, {
  name: "Forbidden",
  permission: TOLD,
  description: "The credentials lack a permission.",
  interfaces: [ErrorInterface],
  fields: (t) => ({ permission: t.exposeString("permission", { description: "The permission that is needed." }) }),
});

export const InputIssueType = builder.objectRef<InputIssue>("InputIssue").implement({
  permission: { none: "It says what is wrong with what the caller sent." },
  description: "One thing that is wrong with the input.",
  fields: (t) => ({
    path: t.stringList({ description: "Where in the input, outermost first.", resolve: (issue) => [...issue.path] }),
    message: t.exposeString("message", { description: "What is wrong there." }),
  }),
});

builder.objectType(InvalidInput, {
  name: "InvalidInput",
  permission: TOLD,
  description: "The input is not valid. Nothing was changed.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    issues: t.field({
      type: [InputIssueType],
      description: "Everything that is wrong.",
      resolve: (error) => [...error.issues],
    }),
  }),
});

builder.objectType(LimitExceeded, {
  name: "LimitExceeded",
  permission: TOLD,
  description: "A limit is reached.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    limit: t.exposeString("limit", { description: "Which limit." }),
    retryAfterMs: t.exposeInt("retryAfterMs", {
      nullable: true,
      description: "When to try again, in milliseconds, where waiting helps.",
    }),
  }),
});

builder.objectType(VersionHeld, {
  name: "VersionHeld",
  permission: TOLD,
  description: "The data equals a version that was rolled back and is held.",
  interfaces: [ErrorInterface],
  fields: (t) => ({ version: t.exposeInt("version", { description: "The version that is held." }) }),
});

builder.objectType(VersionPruned, {
  name: "VersionPruned",
  permission: TOLD,
  description: "Retention has removed the version's data.",
  interfaces: [ErrorInterface],
  fields: (t) => ({ version: t.exposeInt("version", { description: "The version whose data is gone." }) }),
});

builder.objectType(RollbackPending, {
  name: "RollbackPending",
  permission: TOLD,
  description: "The write is based on a version from before the last rollback.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    rolledBackTo: t.exposeInt("rolledBackTo", { description: "The version that the context was rolled back to." }),
  }),
});
