import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from "@muster/domain/page.ts";
import { type GraphQLField, getNullableType, isListType } from "graphql";
import type { RequestContext } from "./request-context.ts";

/** Other lists are short: states, capabilities, operations of a patch. */
const LIST_LENGTH = 10;

/**
 * What a field adds to a query's complexity, which is roughly the number of values in the largest answer: one, and what is
 * selected below it, as many times as it has rows. A connection has as many as the page that was asked for.
 */
export function fieldComplexity(
  args: Record<string, unknown>,
  _context: RequestContext,
  field: GraphQLField<unknown, RequestContext, Record<string, unknown>>,
): { field: number; multiplier: number } {
  if (field.args.some((argument) => argument.name === "first")) return { field: 1, multiplier: pageSize(args) };
  return { field: 1, multiplier: isListType(getNullableType(field.type)) ? LIST_LENGTH : 1 };
}

/** A size out of range is refused with its own error, and costs no more until then. */
function pageSize({ first, last }: Record<string, unknown>): number {
  const sizes = [first, last].filter((size) => typeof size === "number");
  return sizes.length === 0 ? DEFAULT_PAGE_SIZE : Math.min(Math.max(...sizes), MAX_PAGE_SIZE);
}
