import { MusterError } from "@muster/domain/errors.ts";
import { GraphQLError } from "graphql";

/** The fields of an expected error that a client gets in `extensions`, besides its code. */
function fieldsOf(error: MusterError): Record<string, unknown> {
  const { name: _name, stack: _stack, message: _message, cause: _cause, ...fields } = error;
  return fields;
}

/**
 * An expected failure of a query or subscription as a GraphQL error: its sentence, and its code and fields in
 * `extensions`. Null for anything else, which the caller masks.
 */
export function presentError(error: unknown): GraphQLError | null {
  const original = error instanceof GraphQLError ? error.originalError : error;
  if (!(original instanceof MusterError)) return null;
  const location = error instanceof GraphQLError ? { nodes: error.nodes ?? null, path: error.path ?? null } : {};
  return new GraphQLError(original.message, {
    ...location,
    extensions: { ...fieldsOf(original), code: original.code },
  });
}
