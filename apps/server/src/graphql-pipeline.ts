import type { Caller } from "@muster/domain/actor.ts";
import type { RequestContext } from "@muster/graphql/request-context.ts";
import { schema } from "@muster/graphql/schema.ts";
import { createYoga, type YogaServerInstance } from "graphql-yoga";
import type { Logger } from "pino";
import { documentLimits } from "./document-limits.ts";
import { maskError } from "./masked-errors.ts";

/** Inputs hold at most 1 MB of JSON each, and there may be many; anything larger than this is refused unread. */
export const MAX_BODY_BYTES = 16 * 1_048_576;

/** What each transport hands over with an operation: who asks, and where it can be known, whether they still wait. */
export interface TransportContext {
  readonly caller: Caller;
  readonly gone?: AbortSignal;
  /** The last frame of a feed that the client has. */
  readonly lastEventId?: string | null;
}

/** What resolvers need besides what is of the request. */
export type Services = Omit<RequestContext, "caller" | "cursor" | "gone" | "lastEventId">;

export type Pipeline = YogaServerInstance<TransportContext, RequestContext>;

/**
 * The one pipeline of parse, limits, validation, execution and masking. HTTP requests go through it whole, WebSocket and SSE
 * through its enveloped functions (`prepareOperation`).
 */
export function createPipeline(services: Services, log: Logger): Pipeline {
  return createYoga<TransportContext, RequestContext>({
    schema: schema as never,
    graphqlEndpoint: "/graphql",
    context: ({ caller, lastEventId = null }) => ({
      ...services,
      caller,
      lastEventId,
      cursor: services.feed.tail.cursor,
    }),
    plugins: [documentLimits],
    maskedErrors: { maskError: maskError(log) },
    maxRequestBodySize: MAX_BODY_BYTES,
    graphiql: false,
    landingPage: false,
    multipart: false,
    batching: false,
    cors: false,
    logging: false,
  });
}
