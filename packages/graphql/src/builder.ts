import type { Actor } from "@muster/domain/actor.ts";
import { InvalidInput } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import { MAX_PAGE_SIZE } from "@muster/domain/page.ts";
import SchemaBuilder from "@pothos/core";
import ComplexityPlugin from "@pothos/plugin-complexity";
import DataloaderPlugin from "@pothos/plugin-dataloader";
import ErrorsPlugin from "@pothos/plugin-errors";
import RelayPlugin from "@pothos/plugin-relay";
import type { GraphQLSchema } from "graphql";
import { DateTimeResolver, JSONResolver } from "graphql-scalars";
import { COMPLEXITY_LIMITS, tooComplex } from "./complexity.ts";
import { fieldComplexity } from "./field-complexity.ts";
import { decodeNodeId, encodeNodeId } from "./ids.ts";
import "./permissions-plugin.ts";
import { allows, needsOfNode } from "./permissions.ts";
import type { RequestContext } from "./request-context.ts";

/** What a connection's resolver gives besides edges and pageInfo: how to count, only when totalCount is asked for. */
export interface Counted {
  readonly count: () => Promise<{ readonly count: number; readonly capped: boolean }>;
}

const OF_ITS_TYPE = { none: "Each type of node asks for its own permission; without it there is no such node." };

/** A type that the caller may not see answers like an id that does not exist; a typename is empty when there can be no such node. */
function isShown(schema: GraphQLSchema, actor: Actor, typename: string): boolean {
  return typename !== "" && allows(actor, needsOfNode(schema, typename));
}

/** Knows scalars and plugins, and none of the schema's types: each feature registers its own. */
export const builder = new SchemaBuilder<{
  Context: RequestContext;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  Connection: Counted;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: Json; Output: unknown };
  };
}>({
  plugins: [ErrorsPlugin, "permissions", RelayPlugin, DataloaderPlugin, ComplexityPlugin],
  defaultFieldNullability: false,
  complexity: {
    limit: COMPLEXITY_LIMITS,
    fieldComplexity,
    complexityError: (kind) => tooComplex(kind.toLowerCase() as Lowercase<typeof kind>),
  },
  relay: {
    cursorType: "String",
    idFieldOptions: { description: "Its id: readable, and the same everywhere." },
    // The connection says how many rows there are.
    edgesFieldOptions: {
      nullable: { list: false, items: false },
      description: "The rows of the page, each with its cursor.",
      complexity: { field: 0, multiplier: 1 },
    },
    nodeFieldOptions: { nullable: false, description: "The row itself." },
    cursorFieldOptions: { description: "Where this row stands in the list: give it as after or before." },
    pageInfoFieldOptions: { description: "Whether there is more, and where this page begins and ends.", complexity: 0 },
    pageInfoTypeOptions: {
      permission: { none: "It says nothing but where a page ends." },
      description: "Whether there is more before and after a page, and where it begins and ends.",
    },
    hasNextPageFieldOptions: { description: "Whether rows follow this page.", complexity: 0 },
    hasPreviousPageFieldOptions: { description: "Whether rows precede this page.", complexity: 0 },
    startCursorFieldOptions: { description: "The first row's cursor; null on an empty page.", complexity: 0 },
    endCursorFieldOptions: { description: "The last row's cursor; null on an empty page.", complexity: 0 },
    firstArgOptions: {
      description:
        "So many rows from the start, or after the cursor: 1 to 200, 50 when neither first nor last is given.",
    },
    afterArgOptions: { description: "Only rows after this cursor." },
    lastArgOptions: { description: "So many rows from the end, or before the cursor: 1 to 200." },
    beforeArgOptions: { description: "Only rows before this cursor." },
    encodeGlobalID: (typename, id) => encodeNodeId(typename, String(id)),
    decodeGlobalID: decodeNodeId,
    nodeTypeOptions: {
      permission: OF_ITS_TYPE,
      description: "Something with an id that is the same everywhere and for ever.",
    },
    nodeQueryOptions: {
      permission: OF_ITS_TYPE,
      description: "Any node by its id; null when there is none, or it is not yours to see.",
      nullable: true,
      args: { id: { description: "The id of a node of any type." } },
      resolve: (_root, { id }, { caller }, { schema }, resolveNode) =>
        isShown(schema, caller.actor, id.typename) ? resolveNode(id) : null,
    },
    nodesQueryOptions: {
      permission: OF_ITS_TYPE,
      description:
        "Nodes by their ids, in the same order; null for each that does not exist or is not yours to see. At most 200.",
      nullable: { list: false, items: true },
      complexity: ({ ids }) => ({ field: 1, multiplier: Math.min(ids.length, MAX_PAGE_SIZE) }),
      args: { ids: { description: "At most 200 ids of nodes of any type." } },
      resolve: async (_root, { ids }, { caller }, { schema }, resolveNodes) => {
        if (ids.length > MAX_PAGE_SIZE) {
          throw new InvalidInput([{ path: ["ids"], message: `must be at most ${MAX_PAGE_SIZE} ids.` }]);
        }
        const shown = ids.filter(({ typename }) => isShown(schema, caller.actor, typename));
        const nodes = await resolveNodes(shown);
        const places = new Map(shown.map((id, place) => [id, place]));
        return ids.map((id) => nodes[places.get(id) ?? -1] ?? null);
      },
    },
  },
  errors: { directResult: true },
});

builder.addScalarType("DateTime", DateTimeResolver);
builder.addScalarType("JSON", JSONResolver);

builder.globalConnectionField("totalCount", (t) =>
  t.int({
    description: "How many there are in all. Counts to 10,000 and then says so in totalIsCapped.",
    resolve: async (connection) => (await connection.count()).count,
  }),
);
builder.globalConnectionField("totalIsCapped", (t) =>
  t.boolean({
    description: "True when there are more than totalCount says.",
    resolve: async (connection) => (await connection.count()).capped,
  }),
);

builder.queryType({ description: "Reading. Everything that is not yours to see answers as if it did not exist." });
builder.mutationType({
  description: "Changing. Each field answers with its success or with one of the errors that it can expect.",
});
builder.subscriptionType({ description: "Live feeds, over WebSocket (graphql-transport-ws) and SSE." });
