import type { DiffCounts } from "@muster/domain/json-difference.ts";
import { diffTree, MOST_DIFF_NODES } from "@muster/domain/json-diff-tree.ts";
import { diffJson } from "@muster/domain/json-diff.ts";
import type { Json } from "@muster/domain/json.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { parseContextVersionId } from "@muster/domain/ids.ts";
import { diffVersions, pairVersions, type VersionPair } from "@muster/operations/contexts/versions/compare-versions.ts";
import { builder } from "../builder.ts";
import { nestedField } from "../nested-list.ts";
import type { RequestContext } from "../request-context.ts";
import { ContextVersionType, JsonPatchOperationType } from "./context-version.ts";
import { ContextType } from "./context.ts";
import { DiffNodeType } from "./diff-node.ts";
import { loadData } from "./version-data.ts";

const DiffCountsType = builder.objectRef<DiffCounts>("DiffCounts").implement({
  permission: "context.read",
  description: "How many values differ between two documents.",
  fields: (t) => ({
    added: t.exposeInt("added", { description: "How many are only in the newer one." }),
    removed: t.exposeInt("removed", { description: "How many are only in the older one." }),
    changed: t.exposeInt("changed", { description: "How many are in both, and not the same." }),
  }),
});

/** The data of both, read when it is asked for. */
function dataOf({ from, to }: VersionPair, request: RequestContext): Promise<[from: Json, to: Json]> {
  return Promise.all([loadData(request, from), loadData(request, to)]);
}

export const ContextComparisonType = builder.objectRef<VersionPair>("ContextComparison").implement({
  permission: "context.read",
  description: "Two versions compared: of one context, or of two.",
  fields: (t) => ({
    from: t.field({
      type: ContextVersionType,
      description: "The older one, or the first.",
      resolve: ({ from }) => from,
    }),
    to: t.field({ type: ContextVersionType, description: "The newer one, or the second.", resolve: ({ to }) => to }),
    equal: t.boolean({
      description: "Whether their data is the same. Known also when retention has removed it.",
      resolve: ({ from, to }) => from.dataHash === to.dataHash,
    }),
    operations: t.field({
      type: [JsonPatchOperationType],
      description: "What turns the one's data into the other's, as a JSON Patch (RFC 6902); empty when they are equal.",
      complexity: 200,
      resolve: async (pair, _args, request) => diffJson(...(await dataOf(pair, request))),
    }),
    counts: t.field({
      type: DiffCountsType,
      description: "How many values differ: as many as there are operations.",
      complexity: 200,
      resolve: async (pair, _args, request) => diffTree(...(await dataOf(pair, request)), { compact: true }).counts,
    }),
    tree: t.field({
      type: [DiffNodeType],
      description:
        "Both as one tree, for screens: each container, then what is in it, members in the order of their keys; elements that " +
        "were put into a list, or taken out, are so, and those behind them have not changed. " +
        `At most ${MOST_DIFF_NODES} nodes: containers say what is left out.`,
      args: {
        compact: t.arg.boolean({
          required: true,
          defaultValue: false,
          description: "Unchanged members that follow each other are one node.",
        }),
      },
      complexity: { field: 200, multiplier: 100 },
      resolve: async (pair, { compact }, request) => [...diffTree(...(await dataOf(pair, request)), { compact }).nodes],
    }),
  }),
});

interface Numbers {
  readonly from: number;
  readonly to: number;
}

const diffOf = nestedField(({ runtime, caller }, contextIds, { from, to }: Numbers) =>
  diffVersions(runtime, caller, contextIds, from, to),
);

const comparisonOf = nestedField(async ({ runtime, caller }, contextIds, { from, to }: Numbers) => {
  const keys = contextIds.map(
    (contextId) =>
      [
        { contextId, number: from },
        { contextId, number: to },
      ] as const,
  );
  const pairs = await pairVersions(runtime, caller, keys);
  return new Map(contextIds.map((contextId, at) => [contextId, pairs[at] ?? new NotFound("context version")]));
});

builder.objectFields(ContextType, (t) => ({
  diff: t.field({
    type: [JsonPatchOperationType],
    description: "What turns one version's data into another's, as a JSON Patch (RFC 6902); empty when they are equal.",
    args: {
      from: t.arg.int({ required: true, description: "The number of the version to start from." }),
      to: t.arg.int({ required: true, description: "The number of the version to arrive at." }),
    },
    complexity: 200,
    resolve: (context, numbers, request) => diffOf(context.id, numbers, request),
  }),
  compare: t.field({
    type: ContextComparisonType,
    description: "Two of its versions compared.",
    args: {
      from: t.arg.int({ required: true, description: "The number of the version to start from." }),
      to: t.arg.int({ required: true, description: "The number of the version to arrive at." }),
    },
    resolve: (context, numbers, request) => comparisonOf(context.id, numbers, request),
  }),
}));

builder.queryField("compareContextVersions", (t) =>
  t.field({
    type: ContextComparisonType,
    permission: "context.read",
    description: "Any two versions compared, also of different contexts.",
    args: {
      from: t.arg.id({ required: true, description: "The id of the version to start from, ctx_…@n." }),
      to: t.arg.id({ required: true, description: "The id of the version to arrive at, ctx_…@n." }),
    },
    resolve: async (_root, { from, to }, { runtime, caller }) => {
      const [pair] = await pairVersions(runtime, caller, [[versionOf(from), versionOf(to)]]);
      if (!pair || pair instanceof Error) throw pair ?? new NotFound("context version");
      return pair;
    },
  }),
);

function versionOf(id: string) {
  const key = parseContextVersionId(id);
  if (!key) throw new NotFound("context version");
  return key;
}
