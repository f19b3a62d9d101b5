import type { DiffKind } from "@muster/domain/json-difference.ts";
import { type DiffNode, MOST_DIFF_NODES } from "@muster/domain/json-diff-tree.ts";
import { builder } from "../builder.ts";

const DiffKindEnum = builder.enumType("DiffKind", {
  description: "What became of a value between two documents.",
  values: {
    ADDED: { description: "It is only in the newer one." },
    REMOVED: { description: "It is only in the older one." },
    CHANGED: { description: "It is another one, or something beneath it was added, removed or changed." },
    UNCHANGED: { description: "It is the same in both." },
  } satisfies Record<DiffKind, { description: string }>,
});

const JsonContainerEnum = builder.enumType("JsonContainer", {
  description: "What holds other values.",
  values: { OBJECT: { description: "Members with keys." }, LIST: { description: "Elements in order." } },
});

export const DiffNodeType = builder.objectRef<DiffNode>("DiffNode").implement({
  permission: "context.read",
  description: "A line of the comparison of two documents, as a screen shows it.",
  fields: (t) => ({
    path: t.exposeString("path", {
      description: "A JSON Pointer (RFC 6901) in the newer document; of what was removed, in the older one.",
    }),
    key: t.exposeString("key", { nullable: true, description: "Its key, of a member of an object." }),
    index: t.exposeInt("index", {
      nullable: true,
      description: "Its position, of an element of a list: in the document of its path.",
    }),
    depth: t.exposeInt("depth", { description: "How deep it stands; 0 is the whole." }),
    kind: t.field({ type: DiffKindEnum, description: "What became of it.", resolve: (node) => node.kind }),
    container: t.field({
      type: JsonContainerEnum,
      nullable: true,
      description: "Set where its members follow, one deeper. Null: it has its value, or stands for folded ones.",
      resolve: (node) => node.container,
    }),
    before: t.field({
      type: "JSON",
      nullable: true,
      description: "The older value; null for what was added, for containers and for folded ones.",
      resolve: (node) => node.before,
    }),
    after: t.field({
      type: "JSON",
      nullable: true,
      description: "The newer value; null for what was removed, for containers and for folded ones.",
      resolve: (node) => node.after,
    }),
    changes: t.exposeInt("changes", {
      description: "How many values were added, removed or changed beneath it; 1 where it is one itself.",
    }),
    folded: t.exposeInt("folded", {
      nullable: true,
      description: "So many unchanged members after each other for which it stands, the first of them; else null.",
    }),
    omitted: t.exposeInt("omitted", {
      description: `So many of its members are left out, because the tree has ${MOST_DIFF_NODES} nodes.`,
    }),
  }),
});
