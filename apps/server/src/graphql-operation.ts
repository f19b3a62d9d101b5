import type { Caller } from "@muster/domain/actor.ts";
import type { LiveSink } from "@muster/graphql/live/live-sink.ts";
import type { LiveStream } from "@muster/graphql/live/live-stream.ts";
import { openLive } from "@muster/graphql/live/open-live.ts";
import type { RequestContext } from "@muster/graphql/request-context.ts";
import { type DocumentNode, type ExecutionResult, getOperationAST, GraphQLError } from "graphql";
import type { Pipeline } from "./graphql-pipeline.ts";

/** An operation as a client sends it. */
export interface OperationParams {
  readonly query?: string | null | undefined;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

export interface OperationRequest {
  readonly caller: Caller;
  readonly params: OperationParams;
  /** The frame after which a feed goes on, as the transport knows it. */
  readonly lastEventId?: string | null;
}

/** An operation that may run: parsed, within the limits, and valid. */
export interface PreparedOperation {
  readonly document: DocumentNode;
  readonly kind: "query" | "mutation" | "subscription";
  /** Runs a query or mutation. */
  execute(): Promise<ExecutionResult>;
  /** Opens a subscription whose results go to `sink`. */
  open(sink: LiveSink): Promise<LiveStream | readonly GraphQLError[]>;
}

/**
 * What transports other than plain HTTP do with an operation, through the same pipeline. `mask` says what a client may see of an
 * error.
 */
export async function prepareOperation(
  pipeline: Pipeline,
  { caller, params, lastEventId }: OperationRequest,
  mask: (error: unknown) => GraphQLError,
): Promise<PreparedOperation | readonly GraphQLError[]> {
  try {
    const enveloped = pipeline.getEnveloped({ caller, params, lastEventId } as never);
    const { schema, execute, contextFactory, parse, validate } = enveloped;
    const document: DocumentNode = parse(params.query ?? "");
    const errors = validate(schema, document) as GraphQLError[];
    if (errors.length > 0) return errors.map(mask);
    const operationName = params.operationName ?? null;
    const kind = getOperationAST(document, operationName)?.operation;
    if (!kind) return [mask(new GraphQLError("Name the operation to run: the document has none or several."))];
    const variableValues = params.variables ?? null;
    const context = (await contextFactory()) as RequestContext;
    return {
      document,
      kind,
      execute: async () => execute({ schema, document, operationName, variableValues, contextValue: context }),
      open: (sink) => openLive({ document, operationName, variableValues, context, sink, mask }),
    };
  } catch (error) {
    return [mask(error)];
  }
}
