import type { Permission } from "@muster/domain/permissions.ts";
import { type GraphQLSchema, isInterfaceType, isObjectType } from "graphql";
import { declared, type Needs, permissionsOf } from "./permissions.ts";

interface Asking {
  readonly mutations: readonly string[];
  /** Queries and subscriptions. */
  readonly reads: readonly string[];
  readonly types: readonly string[];
}

interface Part {
  readonly name: string;
  readonly in: keyof Asking;
  readonly needs: Needs;
}

/** What of the schema asks for a permission, and what asks for none. */
export function needsInSchema(schema: GraphQLSchema) {
  const parts = [...partsOf(schema)];
  return {
    asking(permission: Permission): Asking {
      const of = (kind: keyof Asking) =>
        parts
          .filter((part) => part.in === kind && permissionsOf(part.needs).includes(permission))
          .map(({ name }) => name);
      return { mutations: of("mutations"), reads: of("reads"), types: of("types") };
    },
    ungated: parts.flatMap(({ name, needs }) =>
      typeof needs === "object" && "none" in needs ? [{ name, why: needs.none }] : [],
    ),
  };
}

function* partsOf(schema: GraphQLSchema): Generator<Part> {
  const roots = new Map<unknown, keyof Asking>([
    [schema.getQueryType(), "reads"],
    [schema.getMutationType(), "mutations"],
    [schema.getSubscriptionType(), "reads"],
  ]);
  for (const type of Object.values(schema.getTypeMap()).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    const root = roots.get(type);
    const own = declared(type);
    if (own) yield { name: type.name, in: "types", needs: own };
    for (const field of Object.values(type.getFields())) {
      const needs = declared(field);
      if (needs) yield { name: root ? field.name : `${type.name}.${field.name}`, in: root ?? "types", needs };
    }
  }
}
