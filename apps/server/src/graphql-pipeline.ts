import type { IncomingMessage, ServerResponse } from "node:http";
import type { Caller } from "@muster/domain/actor.ts";
import type { LiveSink } from "@muster/graphql/live/live-sink.ts";
import type { LiveStream } from "@muster/graphql/live/live-stream.ts";
import { openLive } from "@muster/graphql/live/open-live.ts";
import { type RequestContext, runtimesOf } from "@muster/graphql/request-context.ts";
import { schema } from "@muster/graphql/schema.ts";
import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
} from "graphql";
import { RecentlyUsed } from "@muster/operations/recently-used.ts";
import { createYoga, type Plugin } from "graphql-yoga";
import type { Logger } from "pino";
import type { KnownOperations } from "@muster/graphql/persisted-operations/known-operations.ts";
import { documentLimits } from "./document-limits.ts";
import { maskError, refusalOf } from "./masked-errors.ts";

/** Inputs hold at most 1 MB of JSON each, and there may be many; anything larger than this is refused unread. */
const MAX_BODY_BYTES = 16 * 1_048_576;

/** What each transport hands over with an operation: who asks, and where it can be known, whether they still wait. */
interface TransportContext {
  readonly caller: Caller;
  /** Aborts when the client has gone before it was answered. */
  readonly gone?: AbortSignal;
  /** The last frame of a feed that the client has. */
  readonly lastEventId?: string | null;
}

/** What resolvers need besides what is of the request. */
export type Services = Omit<RequestContext, "caller" | "cursor" | "gone" | "installation" | "lastEventId">;

/** An operation as a client sends it. */
export interface OperationParams {
  readonly query?: string | null | undefined;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
  /** In place of the text, or besides it: see `NamedOperation`. */
  readonly documentId?: unknown;
  readonly extensions?: unknown;
}

export interface OperationRequest extends TransportContext {
  readonly params: OperationParams;
}

/** An operation that may run: parsed, within the limits, and valid. */
export interface PreparedOperation {
  readonly kind: "query" | "mutation" | "subscription";
  /** Runs a query or mutation. The result is as the client may see it. */
  execute(): Promise<ExecutionResult>;
  /** Opens a subscription whose results go to `sink`. */
  open(sink: LiveSink): Promise<LiveStream | readonly GraphQLError[]>;
}

export interface PipelineOptions {
  readonly known: KnownOperations;
  /** Whether callers may read the schema. */
  readonly introspection: boolean;
}

/** The one way of every operation, whatever it came over: parse, limits, validation, execution and masking. */
export interface Pipeline {
  /** Answers a query or mutation over plain HTTP. */
  handle(request: IncomingMessage, response: ServerResponse, context: TransportContext): Promise<void>;
  /** What the other transports do with an operation. */
  prepare(request: OperationRequest): Promise<PreparedOperation | readonly GraphQLError[]>;
  /** What a client of those may see of an error. */
  readonly mask: (error: unknown) => GraphQLError;
}

/** Texts that are kept with what they mean, so that they are read and checked once: programs and screens send the same ones again and again. */
const MOST_KEPT = 2_000;
const LONGEST_KEPT = 20_000;

export function createPipeline(services: Services, { known, introspection }: PipelineOptions, log: Logger): Pipeline {
  const mask = refusalOf(log);
  const contextOf = ({ caller, lastEventId = null }: TransportContext) => ({
    ...services,
    ...runtimesOf(services.runtime, caller),
    caller,
    lastEventId,
    cursor: services.feed.tail.cursor,
  });
  const yoga = createYoga<TransportContext, RequestContext>({
    schema: schema as never,
    graphqlEndpoint: "/graphql",
    context: contextOf,
    plugins: [documentLimits, namedOperations(known), ...(introspection ? [] : [noIntrospection])],
    extraParamNames: ["documentId"],
    maskedErrors: { maskError: maskError(log) },
    maxRequestBodySize: MAX_BODY_BYTES,
    graphiql: false,
    landingPage: false,
    multipart: false,
    batching: false,
    cors: false,
    logging: false,
  });

  const kept = new RecentlyUsed<DocumentNode | readonly GraphQLError[]>(MOST_KEPT);
  /** Reads and checks a text as for plain HTTP. */
  function documentOf(text: string, request: OperationRequest): DocumentNode | readonly GraphQLError[] {
    const read = () => {
      const { parse, validate, schema: checked } = yoga.getEnveloped(request as never);
      const document: DocumentNode = parse(text);
      const errors = validate(checked, document) as GraphQLError[];
      return errors.length > 0 ? errors : document;
    };
    return text.length > LONGEST_KEPT ? read() : kept.get(text, read);
  }

  async function prepare(request: OperationRequest) {
    const { params } = request;
    const document = documentOf(await known.textOf(params), request);
    if (!("kind" in document)) return document.map(mask);
    const operationName = params.operationName ?? null;
    const kind = getOperationAST(document, operationName)?.operation;
    if (!kind) return [mask(new GraphQLError("Name the operation to run: the document has none or several."))];
    const variableValues = params.variables ?? null;
    const contextValue: RequestContext = { ...contextOf(request), ...(request.gone && { gone: request.gone }) };
    return {
      kind,
      execute: async () => {
        const { errors, ...result } = await execute({ schema, document, operationName, variableValues, contextValue });
        return errors ? { ...result, errors: errors.map(mask) } : result;
      },
      open: (sink: LiveSink) =>
        openLive({ document, operationName, variableValues, context: contextValue, sink, mask }),
    };
  }

  return {
    mask,
    handle: (request, response, context) => yoga.handle(request, response, context) as Promise<void>,
    prepare: (request) => prepare(request).catch((error: unknown) => [mask(error)]),
  };
}

/** Over plain HTTP: puts the text in the place of a hash, before anything is done with it. */
function namedOperations(known: KnownOperations): Plugin {
  return {
    async onParams({ params, setParams }) {
      setParams({ ...params, query: await known.textOf(params as OperationParams) });
    },
  };
}

/** Refuses to tell the schema; `__typename` remains. */
const noIntrospection: Plugin = {
  onValidate({ addValidationRule }) {
    addValidationRule(NoSchemaIntrospectionCustomRule);
  },
};
