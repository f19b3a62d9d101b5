import type { MusterError } from "@muster/domain/errors.ts";
import { Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import type { InputObjectRef, ObjectRef } from "@pothos/core";
import { builder } from "./builder.ts";
import type { Needs } from "./permissions.ts";
import type { RequestContext } from "./request-context.ts";

type Types = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer Found> ? Found : never;

/** Every mutation can answer these. */
const COMMON_ERRORS = [NotFound, Forbidden, InvalidInput];

interface MutationOptions<Input, Success> {
  /** The caller acts with the roles that carry it only; of several, each operation says which it takes. */
  readonly permission: Needs;
  readonly description: string;
  readonly input: InputObjectRef<Types, Input>;
  /** The object type `<Name>Success`: `data`, and what else it carries. */
  readonly success: ObjectRef<Types, Success>;
  /** Besides NotFound, Forbidden and InvalidInput. */
  readonly errors?: readonly (new (...parameters: never[]) => MusterError)[];
  readonly resolve: (input: Input, context: RequestContext) => Promise<Success>;
}

/**
 * Registers the mutation `name` with one argument `input`. It answers `<Name>Result`: its success type, or one of the
 * errors, which the resolver throws. Other errors are masked.
 */
export function mutation<Input, Success extends object>(name: string, options: MutationOptions<Input, Success>): void {
  builder.mutationField(name, (t) =>
    t.field({
      type: options.success,
      permission: options.permission,
      description: options.description,
      args: { input: t.arg({ type: options.input, required: true, description: "What to change." }) },
      errors: {
        types: [...COMMON_ERRORS, ...(options.errors ?? [])] as unknown as (new () => Error)[],
        union: {
          name: `${name.charAt(0).toUpperCase()}${name.slice(1)}Result`,
          description: `What ${name} answers: its success, or an error that a caller can expect.`,
        },
      },
      resolve: (_root, values, context) => options.resolve((values as { input: Input }).input, context) as never,
    }),
  );
}

/** Declares the object type `<Name>Success` with only `data`. */
export function successOf<Data>(name: string, data: ObjectRef<Types, Data>): ObjectRef<Types, { data: Data }> {
  const typeName = `${name.charAt(0).toUpperCase()}${name.slice(1)}Success`;
  return builder.objectRef<{ data: Data }>(typeName).implement({
    description: `${name} did what was asked.`,
    fields: (t) => ({
      data: t.field({ type: data as never, description: "The result.", resolve: (success) => success.data as never }),
    }),
  }) as never;
}
