import type { CountedPage } from "@muster/operations/page-query.ts";
import DataLoader from "dataloader";
import { connectionOf } from "./connection.ts";
import type { RequestContext } from "./request-context.ts";

/** Reads a field of many parents at once: by the parent's id its value, or the error that stands in its place. */
type Read<Args, Value> = (
  context: RequestContext,
  parents: readonly string[],
  args: Args,
) => Promise<ReadonlyMap<string, Value>>;

/** What a resolver calls for one parent. */
type Load<Args, Value> = (parent: string, args: Args, context: RequestContext) => Promise<Value>;

/**
 * A field that a list of parents is asked for together: one call of `read` for all that one tick asks for with the same
 * arguments, and so as many statements for a hundred rows as for one. Nothing is kept between batches, because a
 * subscription's context lives for hours and must never serve an old row.
 */
export function nestedField<Args extends object, Value>(read: Read<Args, Value>): Load<Args, Exclude<Value, Error>> {
  const loaders = new WeakMap<RequestContext, Map<string, DataLoader<string, Exclude<Value, Error>>>>();
  return (parent, args, context) => {
    const ofContext = loaders.get(context) ?? new Map<string, DataLoader<string, Exclude<Value, Error>>>();
    loaders.set(context, ofContext);
    // GraphQL gives arguments and input fields in the schema's order, wherever the client put them.
    const key = JSON.stringify(args);
    const loader =
      ofContext.get(key) ??
      new DataLoader<string, Exclude<Value, Error>>(
        async (parents) => {
          const found = await read(context, [...new Set(parents)], args);
          // DataLoader rejects those that are errors.
          return parents.map((one) => found.get(one) as Exclude<Value, Error>);
        },
        { cache: false },
      );
    ofContext.set(key, loader);
    return loader.load(parent);
  };
}

/** The same for a connection. */
export function nestedList<Args extends object, Row>(
  read: Read<Args, CountedPage<Row> | Error>,
): Load<Args, ReturnType<typeof connectionOf<Row>>> {
  const load = nestedField(read);
  return async (parent, args, context) => connectionOf(await load(parent, args, context));
}
