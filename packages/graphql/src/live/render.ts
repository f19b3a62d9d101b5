import {
  type ExecutionResult,
  executeSubscriptionEvent,
  type GraphQLError,
  type ValidatedSubscriptionArgs,
} from "graphql";
import type { Rendered } from "./live-sink.ts";

export type Render = (event: unknown) => Rendered | Promise<Rendered>;

/** Runs a subscription's document on one event after the other. `mask` says what a client may see of an error. */
export function createRender(operation: ValidatedSubscriptionArgs, mask: (error: unknown) => GraphQLError): Render {
  return (event) => {
    const cursor = cursorOf(event);
    const result = executeSubscriptionEvent({ ...operation, rootValue: event });
    return result instanceof Promise
      ? result.then((settled) => rendered(settled, cursor, mask))
      : rendered(result, cursor, mask);
  };
}

function rendered(
  { data, errors }: ExecutionResult,
  cursor: string | null,
  mask: (error: unknown) => GraphQLError,
): Rendered {
  const result = { data, ...(errors ? { errors: errors.map((error) => mask(error).toJSON()) } : {}) };
  return { cursor, closed: Buffer.from(`${JSON.stringify(result)}}`) };
}

function cursorOf(event: unknown): string | null {
  return typeof event === "object" && event !== null && "cursor" in event && typeof event.cursor === "string"
    ? event.cursor
    : null;
}
