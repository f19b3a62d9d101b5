import { type Caller, withPermission } from "@muster/domain/actor.ts";
import {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type InterfaceParam,
  type PothosOutputFieldConfig,
  type PothosTypeConfig,
  type SchemaTypes,
  type TypeParam,
} from "@pothos/core";
import SchemaBuilder from "@pothos/core";
import {
  defaultFieldResolver,
  getNamedType,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  isCompositeType,
  isObjectType,
} from "graphql";
import {
  ANSWERS_A_MUTATION,
  answersOf,
  declared,
  demand,
  type Needs,
  needsOf,
  permissionsOf,
  same,
} from "./permissions.ts";
import type { RequestContext } from "./request-context.ts";

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      permissions: PermissionsPlugin<Types>;
    }
    export interface ObjectTypeOptions<Types extends SchemaTypes = SchemaTypes, Shape = unknown> {
      /** What everything that leads to it asks for. Left out by connections and edges: theirs is that of their rows. */
      permission?: Needs;
    }
    export interface InterfaceTypeOptions<
      Types extends SchemaTypes = SchemaTypes,
      Shape = unknown,
      Interfaces extends InterfaceParam<Types>[] = InterfaceParam<Types>[],
      ResolveType = unknown,
    > {
      permission: Needs;
    }
    export interface FieldOptions<
      Types extends SchemaTypes = SchemaTypes,
      ParentShape = unknown,
      Type extends TypeParam<Types> = TypeParam<Types>,
      Nullable extends FieldNullability<Type> = FieldNullability<Type>,
      Args extends InputFieldMap = InputFieldMap,
      ResolveShape = unknown,
      ResolveReturnShape = unknown,
    > {
      /** Instead of what its type asks for. */
      permission?: Needs;
    }
    export interface QueryFieldOptions<
      Types extends SchemaTypes,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveReturnShape,
    > {
      permission: Needs;
    }
    export interface MutationFieldOptions<
      Types extends SchemaTypes,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveReturnShape,
    > {
      permission: Needs;
    }
    export interface SubscriptionFieldOptions<
      Types extends SchemaTypes,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveShape,
      ResolveReturnShape,
    > {
      permission: Needs;
    }
  }
}

type Resolver<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types["Context"], object>;

/**
 * Enforces what fields and types declare. Root fields ask before they resolve, and a mutation acts with the roles that carry
 * its permission only. Below, a field asks when it leads to a type of another permission than its parent's; what stays within
 * one type, above all its scalars, is not touched.
 */
export class PermissionsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onTypeConfig(config: PothosTypeConfig): PothosTypeConfig {
    return described(config);
  }

  override onOutputFieldConfig(config: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    return described(config);
  }

  /** Within what the errors plugin catches: a mutation answers `Forbidden` as its result. */
  override wrapResolve(resolve: Resolver<Types>, config: PothosOutputFieldConfig<Types>): Resolver<Types> {
    if (config.kind !== "Query" && config.kind !== "Mutation") return resolve;
    const needs = ofRoot(config);
    const narrow = config.kind === "Mutation" ? narrowing(needs) : null;
    return (root, args, context, info) => {
      demand(callerOf(context).actor, needs);
      return resolve(root, args, narrow ? narrow(context) : context, info);
    };
  }

  override wrapSubscribe(
    subscribe: Resolver<Types> | undefined,
    config: PothosOutputFieldConfig<Types>,
  ): Resolver<Types> | undefined {
    if (config.kind !== "Subscription" || !subscribe) return subscribe;
    const needs = ofRoot(config);
    return (root, args, context, info) => {
      demand(callerOf(context).actor, needs);
      return subscribe(root, args, context, info);
    };
  }

  override afterBuild(schema: GraphQLSchema): GraphQLSchema {
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const answers = answersOf(schema);
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) || type.name.startsWith("__") || roots.includes(type)) continue;
      const present = answers.has(type) ? ANSWERS_A_MUTATION : needsOf(type);
      for (const field of Object.values(type.getFields())) {
        const needs = declared(field) ?? beyond(present, field.type);
        if (needs && permissionsOf(needs).length > 0)
          field.resolve = guarded(needs, field.resolve ?? defaultFieldResolver);
      }
    }
    return schema;
  }
}

/** What a field of a type with `present` asks for because of where it leads; undefined for nothing more. */
function beyond(present: Needs | undefined, to: GraphQLOutputType): Needs | undefined {
  const type = getNamedType(to);
  if (!isCompositeType(type)) return undefined;
  if (typeof present === "object" && "none" in present && present.throughout) return undefined;
  const needs = needsOf(type);
  return same(needs, present) ? undefined : needs;
}

function guarded(
  needs: Needs,
  resolve: GraphQLFieldResolver<unknown, RequestContext>,
): GraphQLFieldResolver<unknown, RequestContext> {
  return (parent, args, context, info) => {
    demand(context.caller.actor, needs);
    return resolve(parent, args, context, info);
  };
}

/** Someone with several roles changes things only where a role allows it. */
function narrowing(needs: Needs): ((context: object) => object) | null {
  if (typeof needs !== "string") return null;
  return (context) => {
    const caller = callerOf(context);
    return caller.actor.grants ? { ...context, caller: withPermission(caller, needs) } : context;
  };
}

function callerOf(context: object): Caller {
  return (context as RequestContext).caller;
}

function ofRoot(config: { readonly name: string; readonly pothosOptions: unknown }): Needs {
  const { permission } = config.pothosOptions as { readonly permission?: Needs };
  if (!permission) throw new TypeError(`${config.name} declares no permission: name one, or say why it needs none.`);
  return permission;
}

interface Config {
  readonly description?: string | null | undefined;
  readonly extensions?: unknown;
  readonly pothosOptions: unknown;
}

/** Takes the option over: for readers into the description, for programs into the extensions. */
function described<C extends Config>(config: C): C {
  const { permission } = config.pothosOptions as { readonly permission?: Needs };
  if (!permission) return config;
  const permissions = permissionsOf(permission);
  const sentence = permissions.length === 0 ? "" : ` Needs ${permissions.join(" or ")}.`;
  return {
    ...config,
    description: `${config.description ?? ""}${sentence}`,
    extensions: { ...(config.extensions as object | undefined), permission },
  };
}

SchemaBuilder.registerPlugin("permissions", PermissionsPlugin);
