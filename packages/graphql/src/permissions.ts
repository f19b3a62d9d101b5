import type { Actor } from "@muster/domain/actor.ts";
import { Forbidden } from "@muster/domain/errors.ts";
import type { Permission } from "@muster/domain/permissions.ts";
import {
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from "graphql";

/** Nobody needs a permission, and why. */
export interface Ungated {
  readonly none: string;
  /** Of a type: what its fields lead to is covered as well, whatever permission that has by itself. */
  readonly throughout?: true;
}

/** What a field or type asks of a caller: a permission, one of several, or none. */
export type Needs = Permission | readonly Permission[] | Ungated;

/** What a mutation answers with: refusing it afterwards would only hide what has been done. */
export const ANSWERS_A_MUTATION: Ungated = {
  none: "It is the answer of a mutation, which has its own permission.",
  throughout: true,
};

/** The permissions of which a caller needs one; empty for `Ungated`. */
export function permissionsOf(needs: Needs): readonly Permission[] {
  if (typeof needs === "string") return [needs];
  return "none" in needs ? [] : needs;
}

/** Whether the actor has what is needed, somewhere: where, the operations ask. */
export function allows(actor: Actor, needs: Needs): boolean {
  const permissions = permissionsOf(needs);
  return permissions.length === 0 || permissions.some((permission) => actor.permissions.has(permission));
}

/** Throws `Forbidden`, of several with the first. */
export function demand(actor: Actor, needs: Needs): void {
  const [permission] = permissionsOf(needs);
  if (permission && !allows(actor, needs)) throw new Forbidden(permission);
}

/** What is declared: on a field or type itself. */
export function declared({ extensions }: { readonly extensions: object }): Needs | undefined {
  return (extensions as { readonly permission?: Needs }).permission;
}

/**
 * What a type asks for. Connections and their edges ask for what their rows do, a union for what all of its members do.
 * Undefined when it is not to be told.
 */
export function needsOf(type: GraphQLNamedType): Needs | undefined {
  if (isUnionType(type)) {
    const [first, ...others] = type.getTypes().map(needsOf);
    return others.every((other) => same(other, first)) ? first : undefined;
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
  const own = declared(type);
  if (own) return own;
  const { edges, node, cursor } = type.getFields();
  if (edges) return needsOf(getNamedType(edges.type));
  return node && cursor ? needsOf(getNamedType(node.type)) : undefined;
}

/** The types that mutations answer with, besides errors. They ask for nothing: the mutation has. */
export function answersOf(schema: GraphQLSchema): ReadonlySet<GraphQLNamedType> {
  const results = Object.values(schema.getMutationType()?.getFields() ?? {}).map(({ type }) => getNamedType(type));
  const members = results.flatMap((result) => (isUnionType(result) ? result.getTypes() : []));
  return new Set(members.filter((member) => !needsOf(member)));
}

/** What a node of this type asks for. */
export function needsOfNode(schema: GraphQLSchema, typename: string): Needs {
  const type = schema.getType(typename);
  const needs = type && needsOf(type);
  if (!needs) throw new TypeError(`${typename} declares no permission.`);
  return needs;
}

export function same(one: Needs | undefined, other: Needs | undefined): boolean {
  if (!one || !other) return one === other;
  return permissionsOf(one).join() === permissionsOf(other).join();
}
