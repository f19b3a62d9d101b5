import { getStoredBytes } from "@muster/operations/contexts/retention/stored-bytes.ts";
import { builder } from "../builder.ts";
import { nestedField } from "../nested-list.ts";
import { ContextVersionType } from "./context-version.ts";
import { ContextType } from "./context.ts";

const bytesOf = nestedField(({ runtime, caller }, contextIds) => getStoredBytes(runtime, caller, contextIds));

builder.objectFields(ContextType, (t) => ({
  prunedThrough: t.exposeInt("prunedThrough", {
    description:
      "Retention has seen to the versions up to this one: of these only pinned ones and those that a rollback went back to have data.",
  }),
  storedBytes: t.float({
    description: "How many bytes of JSON are stored for the data of all its versions, as snapshots and patches.",
    complexity: 100,
    resolve: (context, _args, request) => bytesOf(context.id, {}, request),
  }),
}));

builder.objectField(ContextVersionType, "prunedAt", (t) =>
  t.field({
    type: "DateTime",
    nullable: true,
    description: "When retention removed its data; its record and hashes remain. null while the data is there.",
    resolve: (version) => version.prunedAt,
  }),
);
