import { LimitExceeded, VersionPruned } from "@muster/domain/errors.ts";
import { type ContextPin, getPins, getPinsOfVersions } from "@muster/operations/contexts/retention/pin-queries.ts";
import { pinVersion, unpinVersion } from "@muster/operations/contexts/retention/pin-version.ts";
import { ActorType } from "../actors.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { ContextVersionType, keyOf, versionKey } from "./context-version.ts";
import { ContextType } from "./context.ts";

const ContextPinType = builder.objectRef<ContextPin>("ContextPin").implement({
  permission: "context.read",
  description: "A name that someone gave to a version, as in “before migration”. Retention never removes its data.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "The name, unique in its context." }),
    number: t.exposeInt("number", { description: "The version's number." }),
    version: t.field({ type: ContextVersionType, description: "The version.", resolve: (pin) => keyOf(pin) }),
    author: t.field({ type: ActorType, description: "Who pinned it.", resolve: (pin) => pin.author }),
    createdAt: t.field({ type: "DateTime", description: "When it was pinned.", resolve: (pin) => pin.createdAt }),
  }),
});

builder.objectField(ContextType, "pins", (t) =>
  t.loadableGroup({
    type: ContextPinType,
    description: "The names of its versions, by version and name; at most 1,000.",
    load: (contextIds: string[], { runtime, caller }) => getPins(runtime, caller, contextIds),
    group: (pin) => pin.contextId,
    loaderOptions: { cache: false },
    resolve: (context) => context.id,
  }),
);

builder.objectField(ContextVersionType, "pins", (t) =>
  t.loadableGroup({
    type: ContextPinType,
    description: "The names that it has, by name.",
    load: (keys: string[], { runtime, caller }) => getPinsOfVersions(runtime, caller, keys.map(versionKey)),
    group: keyOf,
    loaderOptions: { cache: false },
    resolve: keyOf,
  }),
);

const PinContextVersionInput = builder.inputType("PinContextVersionInput", {
  description: "A version to name.",
  fields: (t) => ({
    contextId: t.id({ required: true, description: "The context." }),
    number: t.int({ required: true, description: "The version's number." }),
    name: t.string({ required: true, description: "The name: up to 200 characters, unique in the context." }),
  }),
});

mutation("pinContextVersion", {
  permission: "context.write",
  description:
    "Gives a version a name, and keeps retention from ever removing its data. Changes nothing when it has the name already.",
  input: PinContextVersionInput,
  success: successOf("pinContextVersion", ContextVersionType),
  errors: [VersionPruned, LimitExceeded],
  resolve: async ({ contextId, ...input }, { runtime, caller }) => ({
    data: await pinVersion(runtime, caller, { ...input, contextId: uuidOf("context", contextId) }),
  }),
});

const UnpinContextVersionInput = builder.inputType("UnpinContextVersionInput", {
  description: "A name to take off its version.",
  fields: (t) => ({
    contextId: t.id({ required: true, description: "The context." }),
    name: t.string({ required: true, description: "The name." }),
  }),
});

mutation("unpinContextVersion", {
  permission: "context.write",
  description: "Takes a name off the version that has it: retention may remove its data then.",
  input: UnpinContextVersionInput,
  success: successOf("unpinContextVersion", ContextType),
  resolve: async ({ contextId, name }, { runtime, caller }) => ({
    data: await unpinVersion(runtime, caller, { contextId: uuidOf("context", contextId), name }),
  }),
});
