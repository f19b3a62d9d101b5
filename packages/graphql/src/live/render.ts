import { execute } from "@graphql-tools/executor";
import type { Bookmark } from "@muster/events/frame.ts";
import type { ExecutionResult, GraphQLError, ValidatedSubscriptionArgs } from "graphql";
import type { Rendered } from "./live-sink.ts";

/** Gives the result of a subscription's document for an event. */
export type Render = (event: unknown) => Rendered | Promise<Rendered>;

/** Runs a subscription's document on one event after the other. `mask` says what a client may see of an error. */
export function createRender(operation: ValidatedSubscriptionArgs, mask: (error: unknown) => GraphQLError): Render {
  const { schema, document, contextValue, rawVariableValues } = operation;
  const args = {
    schema,
    document,
    contextValue,
    variableValues: rawVariableValues ?? {},
    ...(operation.operation.name ? { operationName: operation.operation.name.value } : {}),
  };
  let bookmarks: BookmarkTemplate | null = null;
  return (event) => {
    const bookmark = isBookmark(event) && event.caughtUp ? event : null;
    if (bookmark && bookmarks) return fill(bookmarks, bookmark);
    // The executor of all other operations, too: graphql-js spends half its time on aborting what has ended.
    const result = execute({ ...args, rootValue: event }) as ExecutionResult | Promise<ExecutionResult>;
    if (result instanceof Promise) return result.then((settled) => rendered(textOf(settled, mask), cursorOf(event)));
    const text = textOf(result, mask);
    if (bookmark) bookmarks = text.split(bookmark.cursor);
    return rendered(text, cursorOf(event));
  };
}

/** Bookmarks, by far the most results of an idle feed, differ in their cursors alone: the text around these. */
type BookmarkTemplate = readonly string[];

function fill(template: BookmarkTemplate, { cursor }: Bookmark): Rendered {
  return rendered(template.join(cursor), cursor);
}

function isBookmark(event: unknown): event is Bookmark {
  return typeof event === "object" && event !== null && "kind" in event && event.kind === "Bookmark";
}

function textOf({ data, errors }: ExecutionResult, mask: (error: unknown) => GraphQLError): string {
  return JSON.stringify({ data, ...(errors ? { errors: errors.map((error) => mask(error).toJSON()) } : {}) });
}

function rendered(text: string, cursor: string | null): Rendered {
  return { cursor, closed: Buffer.from(`${text}}`) };
}

function cursorOf(event: unknown): string | null {
  return typeof event === "object" && event !== null && "cursor" in event && typeof event.cursor === "string"
    ? event.cursor
    : null;
}
