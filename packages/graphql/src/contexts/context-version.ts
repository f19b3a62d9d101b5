import { getEachVersion } from "@muster/operations/contexts/versions/version-queries.ts";
import type { ContextVersion } from "@muster/operations/contexts/versions/version-row.ts";
import type { JsonPatchOperation } from "@muster/domain/json-patch.ts";
import { ActorType } from "../actors.ts";
import { builder } from "../builder.ts";
import type { RequestContext } from "../request-context.ts";
import { ContextType } from "./context.ts";
import { loadPart } from "./version-data.ts";

export const keyOf = (version: { readonly contextId: string; readonly number: number }) =>
  `${version.contextId}@${version.number}`;

export const ContextVersionType = builder.loadableNodeRef<ContextVersion>("ContextVersion", {
  id: { resolve: keyOf, description: "Its context's id, @ and its number." },
  load: loadVersions,
  toKey: keyOf,
  loaderOptions: { cache: false },
});

/** In the order of the keys: one that was tampered with must not take the others with it. */
async function loadVersions(keys: string[], { runtime, caller }: RequestContext): Promise<(ContextVersion | Error)[]> {
  const found = await getEachVersion(runtime, caller, keys.map(versionKey));
  const byKey = new Map(found.map((version) => [keyOf(version), version]));
  // The library takes null for what is not there; its types do not say so.
  return keys.map((key) => byKey.get(key) ?? (null as never));
}

export function versionKey(key: string): { contextId: string; number: number } {
  const [contextId = "", number] = key.split("@");
  return { contextId, number: Number(number) };
}

ContextVersionType.implement({
  permission: "context.read",
  description: "One version of a context. It never changes; a rollback appends another.",
  fields: (t) => ({
    context: t.field({
      type: ContextType,
      description: "The context it belongs to.",
      resolve: (version) => version.contextId,
    }),
    number: t.exposeInt("number", { description: "1, 2, 3, …" }),
    parent: t.exposeInt("parent", { nullable: true, description: "The version before it; null for the first." }),
    rolledBackTo: t.exposeInt("rolledBackTo", {
      nullable: true,
      description: "Set on a version that a rollback appended: the version whose data it repeats.",
    }),
    mergedFrom: t.exposeInt("mergedFrom", {
      nullable: true,
      description:
        "Set on a version that was merged with what others had written since: the version that its author had read.",
    }),
    message: t.exposeString("message", { nullable: true, description: "What its author said about it." }),
    author: t.field({ type: ActorType, description: "Who wrote it.", resolve: (version) => version.author }),
    hash: t.exposeString("hash", {
      description:
        "SHA-256 over the parent's hash, number, author, message, time and the data's hash. Checked whenever it is read.",
    }),
    dataHash: t.exposeString("dataHash", { description: "SHA-256 of the data as canonical JSON (RFC 8785)." }),
    sizeBytes: t.exposeInt("sizeBytes", { description: "Size of the data as compact JSON." }),
    data: t.field({
      type: "JSON",
      nullable: true,
      description: "Its data, or a part of it; null where the pointer leads to nothing.",
      args: {
        pointer: t.arg.string({ description: "A JSON Pointer (RFC 6901), as in /notes/0; the whole data without." }),
      },
      complexity: 100,
      resolve: (version, { pointer }, request) => loadPart(request, version, pointer),
    }),
    heldSince: t.field({
      type: "DateTime",
      nullable: true,
      description: "Since when equal data is refused, because a rollback skipped this version; null when it is not.",
      resolve: (version) => version.heldSince,
    }),
    createdAt: t.field({
      type: "DateTime",
      description: "When it was written.",
      resolve: (version) => version.createdAt,
    }),
  }),
});

export const JsonPatchOperationType = builder.objectRef<JsonPatchOperation>("JsonPatchOperation").implement({
  permission: { none: "It stands in what it changes, which has its own permission." },
  description: "One operation of a JSON Patch (RFC 6902).",
  fields: (t) => ({
    op: t.exposeString("op", { description: "add, remove, replace, move, copy or test." }),
    path: t.exposeString("path", { description: "Where, as a JSON Pointer (RFC 6901)." }),
    from: t.string({
      nullable: true,
      description: "From where, of move and copy.",
      resolve: (operation) => operation.from,
    }),
    value: t.field({
      type: "JSON",
      nullable: true,
      description: "The value, of add, replace and test.",
      resolve: (operation) => operation.value,
    }),
  }),
});
