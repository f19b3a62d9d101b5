import { diffJson } from "@muster/domain/json-diff.ts";
import type { BundleDifference, ContextDifference } from "@muster/operations/agent-bundles/bundle-difference.ts";
import { diffBundles } from "@muster/operations/agent-bundles/bundle-queries.ts";
import { pairVersions } from "@muster/operations/contexts/versions/compare-versions.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { ContextComparisonType } from "../contexts/context-comparison.ts";
import { ContextVersionType, JsonPatchOperationType, keyOf, versionKey } from "../contexts/context-version.ts";
import { ContextType } from "../contexts/context.ts";
import { nestedField } from "../nested-list.ts";

interface NumberChange {
  readonly from: number;
  readonly to: number;
}

const NumberChangeType = builder.objectRef<NumberChange>("NumberChange").implement({
  permission: { none: "It stands in what it changes, which has its own permission." },
  description: "A number that is another one now.",
  fields: (t) => ({
    from: t.exposeInt("from", { description: "What it was." }),
    to: t.exposeInt("to", { description: "What it is." }),
  }),
});

/** Compares many pairs of versions at once; the parents are the keys of both, with a blank between them. */
const comparisonOf = nestedField<Record<string, never>, Awaited<ReturnType<typeof pairVersions>>[number]>(
  async ({ runtime, caller }, pairs) => {
    const found = await pairVersions(
      runtime,
      caller,
      pairs.map((pair) => {
        const [from = "", to = ""] = pair.split(" ");
        return [versionKey(from), versionKey(to)] as const;
      }),
    );
    return new Map(pairs.flatMap((pair, at) => (found[at] ? [[pair, found[at]] as const] : [])));
  },
);

const keyOfSide = ({ contextId }: ContextDifference, side: ContextDifference["from"]) =>
  side && keyOf({ contextId, number: side.version });

const ContextDifferenceType = builder.objectRef<ContextDifference>("AgentBundleContextDifference").implement({
  permission: "agent.read",
  description: "One of an agent's own contexts whose data two bundles have differently.",
  fields: (t) => ({
    context: t.field({ type: ContextType, description: "The context.", resolve: ({ contextId }) => contextId }),
    from: t.field({
      type: ContextVersionType,
      nullable: true,
      description: "Its version in the first bundle; null where that does not know it.",
      resolve: (difference) => keyOfSide(difference, difference.from),
    }),
    to: t.field({
      type: ContextVersionType,
      nullable: true,
      description: "Its version in the second bundle; null where that does not know it: a rollback leaves it as it is.",
      resolve: (difference) => keyOfSide(difference, difference.to),
    }),
    comparison: t.field({
      type: ContextComparisonType,
      nullable: true,
      description: "Both versions compared; null where there is only one.",
      resolve: async (difference, _arguments, request) => {
        const [from, to] = [difference.from, difference.to].map((side) => keyOfSide(difference, side));
        return from && to ? comparisonOf(`${from} ${to}`, {}, request) : null;
      },
    }),
  }),
});

/** What differs between two bundles; null: nothing does. */
const changeOf = (from: number, to: number): NumberChange | null => (from === to ? null : { from, to });

export const BundleDifferenceType = builder.objectRef<BundleDifference>("AgentBundleDifference").implement({
  permission: "agent.read",
  description: "What differs between two bundles of an agent.",
  fields: (t) => ({
    from: t.int({ description: "The number of the first.", resolve: ({ from }) => from.number }),
    to: t.int({ description: "The number of the second.", resolve: ({ to }) => to.number }),
    definitionVersion: t.field({
      type: NumberChangeType,
      nullable: true,
      description: "The version of its definition; null where it is the same.",
      resolve: ({ from, to }) => changeOf(from.definitionVersion, to.definitionVersion),
    }),
    config: t.field({
      type: [JsonPatchOperationType],
      description:
        "What turns one configuration into the other, as a JSON Patch (RFC 6902); empty when they are equal.",
      resolve: ({ from, to }) => diffJson(from.config, to.config),
    }),
    maxConcurrency: t.field({
      type: NumberChangeType,
      nullable: true,
      description: "How many tasks it may hold at once; null where it is the same.",
      resolve: ({ from, to }) => changeOf(from.maxConcurrency, to.maxConcurrency),
    }),
    contexts: t.field({
      type: [ContextDifferenceType],
      description: "Its own contexts whose data differs, by name.",
      resolve: ({ contexts }) => [...contexts],
    }),
  }),
});

const differenceOf = nestedField(({ runtime, caller }, agentIds, numbers: { from: number; to: number }) =>
  diffBundles(runtime, caller, agentIds, numbers),
);

builder.objectField(AgentType, "bundleDiff", (t) =>
  t.field({
    type: BundleDifferenceType,
    description: "What differs between two of its bundles.",
    args: {
      from: t.arg.int({ required: true, description: "The number of the bundle to start from." }),
      to: t.arg.int({ required: true, description: "The number of the bundle to arrive at." }),
    },
    complexity: 20,
    resolve: (agent, numbers, context) => differenceOf(agent.id, numbers, context),
  }),
);
