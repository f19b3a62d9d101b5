import { Conflict } from "@muster/domain/errors.ts";
import { diffOfConflict } from "@muster/operations/contexts/versions/version-conflict.ts";
import { builder } from "../builder.ts";
import { JsonPatchOperationType } from "./context-version.ts";

builder.objectFields(Conflict, (t) => ({
  currentVersion: t.int({
    nullable: true,
    description: "Of a context that was written or rolled back: its newest version's number.",
    resolve: (conflict) => conflict.context?.currentVersion,
  }),
  paths: t.stringList({
    nullable: true,
    description:
      "Of a merge: where both have changed the data, as JSON Pointers (RFC 6901), at most 20; null when no merge was asked for.",
    resolve: (conflict) => conflict.context?.paths && [...conflict.context.paths],
  }),
  diff: t.field({
    type: [JsonPatchOperationType],
    nullable: true,
    description:
      "Of a context: what has changed from the expected version (of a merge, the base) to the newest, as a JSON Patch (RFC 6902); " +
      "null when it is larger than 64 KiB, when one of them cannot be read, and without the permission context.read.",
    complexity: 200,
    resolve: (conflict, _args, { runtime, caller }) => diffOfConflict(runtime, caller, conflict),
  }),
}));
