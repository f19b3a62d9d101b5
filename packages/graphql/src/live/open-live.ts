import { complexityFromQuery } from "@pothos/plugin-complexity";
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLError,
  Kind,
  validateSubscriptionArgs,
} from "graphql";
import { assertComplexity } from "../complexity.ts";
import type { RequestContext } from "../request-context.ts";
import { schema } from "../schema.ts";
import { cohortKeyOf } from "./cohorts.ts";
import type { LiveSink } from "./live-sink.ts";
import { LiveStream } from "./live-stream.ts";
import { createRender } from "./render.ts";

export interface LiveRequest extends Pick<ExecutionArgs, "operationName" | "variableValues"> {
  /** Parsed and validated against the schema. */
  readonly document: DocumentNode;
  readonly context: RequestContext;
  readonly sink: LiveSink;
  /** What a client may see of an error. */
  readonly mask: (error: unknown) => GraphQLError;
}

/** Opens a subscription whose results go to `sink`; or answers why there is none. */
export async function openLive(request: LiveRequest): Promise<LiveStream | readonly GraphQLError[]> {
  const { document, context, sink, mask } = request;
  const operation = validateSubscriptionArgs({
    schema,
    document,
    contextValue: context,
    operationName: request.operationName,
    variableValues: request.variableValues,
  });
  if (!("operation" in operation)) return operation.map(mask);
  try {
    const definitions = document.definitions.filter(
      (definition) => definition.kind !== Kind.OPERATION_DEFINITION || definition === operation.operation,
    );
    const variables = operation.variableValues.coerced;
    // Here and not with the first event, which may be a long time away.
    assertComplexity(complexityFromQuery({ ...document, definitions }, { schema, ctx: context, variables }));
  } catch (error) {
    return [mask(error)];
  }
  const source = await createSourceEventStream(operation);
  if (!(Symbol.asyncIterator in source)) return (source.errors ?? []).map(mask);
  const render = createRender(operation, mask);
  return new LiveStream({ source, render, sink, cohorts: context.cohorts, keyOf: () => cohortKeyOf(operation) });
}
