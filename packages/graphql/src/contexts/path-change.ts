import {
  listPathChanges,
  type PathChange,
  type PathChanges,
  type PathHistoryInput,
} from "@muster/operations/contexts/history/path-history.ts";
import { builder } from "../builder.ts";
import { nestedField } from "../nested-list.ts";
import { ContextVersionType } from "./context-version.ts";
import { ContextType } from "./context.ts";

const PathChangeKindEnum = builder.enumType("PathChangeKind", {
  description: "What became of the value at a path.",
  values: {
    ADDED: { description: "There was nothing before." },
    CHANGED: { description: "There was another value before." },
    REMOVED: { description: "There was a value before, and nothing after." },
  } satisfies Record<PathChange["kind"], { description: string }>,
});

const PathChangeType = builder.objectRef<PathChange>("PathChange").implement({
  permission: "context.read",
  description: "A change of the value at a path.",
  fields: (t) => ({
    version: t.field({
      type: ContextVersionType,
      description: "The version that made it: its author and time are those of the change.",
      resolve: (change) => change.version,
    }),
    kind: t.field({ type: PathChangeKindEnum, description: "What became of the value.", resolve: ({ kind }) => kind }),
    before: t.field({
      type: "JSON",
      nullable: true,
      description: "The value before; null where there was nothing, or where it is not known.",
      resolve: ({ before }) => before,
    }),
    after: t.field({
      type: "JSON",
      nullable: true,
      description: "The value from this version on; null where there is nothing.",
      resolve: ({ after }) => after,
    }),
    beforePruned: t.exposeBoolean("beforePruned", {
      description:
        "Whether retention has removed the data of the versions right before it: the change may be older, and the value before is not known.",
    }),
  }),
});

const PathChangesType = builder.objectRef<PathChanges>("PathChanges").implement({
  permission: "context.read",
  description: "A part of the history of a path.",
  fields: (t) => ({
    nodes: t.field({
      type: [PathChangeType],
      description: "The changes, the newest first.",
      complexity: { field: 0, multiplier: 1 },
      resolve: ({ changes }) => [...changes],
    }),
    hasNextPage: t.boolean({
      description:
        "Whether older versions have not been looked at yet: there may be more changes, also after an empty page.",
      resolve: ({ endCursor }) => endCursor !== null,
    }),
    endCursor: t.exposeString("endCursor", {
      nullable: true,
      description: "Where the next page begins: give it as after.",
    }),
    examined: t.exposeInt("examined", { description: "How many versions were looked at for this page." }),
  }),
});

const changesOf = nestedField(({ runtime, caller }, contextIds, input: PathHistoryInput) =>
  listPathChanges(runtime, caller, contextIds, input),
);

builder.objectField(ContextType, "changesOf", (t) =>
  t.field({
    type: PathChangesType,
    description:
      "When the value at a path has changed, and who did it: the newest change first. A page looks at a limited number of versions.",
    args: {
      pointer: t.arg.string({
        required: true,
        description:
          "A JSON Pointer (RFC 6901), as in /plan/owner. It is taken literally: in a list it names a position, whatever stands there.",
      }),
      first: t.arg.int({ description: "At most so many changes: 1 to 200, 50 when it is not given." }),
      after: t.arg.string({ description: "Go on after the page with this endCursor." }),
    },
    resolve: (context, input, request) => changesOf(context.id, input, request),
  }),
);
