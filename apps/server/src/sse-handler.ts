import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Caller } from "@muster/domain/actor.ts";
import type { GraphQLError } from "graphql";
import { z } from "zod";
import { sendError, sendJson } from "./answers.ts";
import type { ConnectionLimits } from "./connection-limits.ts";
import { EventStream } from "./event-stream.ts";
import type { OperationParams, Pipeline } from "./graphql-pipeline.ts";
import { BodyRefused, readJson } from "./json-body.ts";
import type { Ending } from "./open-connections.ts";
import { MAX_MESSAGE_BYTES } from "./websocket-server.ts";

/** The HTTP status for an error's code; 400 for any other. */
const STATUSES: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  INTERNAL: 500,
  UNAVAILABLE: 503,
};

const Params = z.object({
  query: z.string().nullish(),
  documentId: z.unknown().optional(),
  extensions: z.unknown().optional(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});

/** Whether the client takes server-sent events at all. */
export function acceptsEventStream(request: IncomingMessage): boolean {
  return acceptedTypes(request).includes("text/event-stream");
}

/** Whether the client asks for server-sent events: it names them, and no JSON before them. */
export function wantsEventStream(request: IncomingMessage): boolean {
  const types = acceptedTypes(request);
  const stream = types.indexOf("text/event-stream");
  const json = types.findIndex((type) => type.endsWith("json"));
  return stream >= 0 && (json < 0 || stream < json);
}

/** The types of the Accept header, in its order. */
function acceptedTypes({ headers }: IncomingMessage): string[] {
  return (headers.accept ?? "").split(",").map((type) => type.split(";", 1)[0]?.trim().toLowerCase() ?? "");
}

/** What ends a stream when its credential ends or changes. */
export interface Cut {
  /** Called at that moment: nothing goes out on the stream any more. */
  stream: () => void;
  /** What happened at that moment; null before it. */
  ending: Ending | null;
}

export interface SseHandler {
  handle(request: IncomingMessage, response: ServerResponse, caller: Caller, cut: Cut): Promise<void>;
  /** Cuts every stream, spread over `overMs`: clients come back, where after an orderly end they would not. */
  close(overMs: number): Promise<void>;
}

/**
 * GraphQL over server-sent events (the protocol graphql-sse calls it "distinct connections"), by POST of JSON or by GET. Each
 * frame of a feed carries its cursor as the event's id, so that a browser's EventSource continues by itself: `Last-Event-ID`
 * stands above the operation's own `after`. What cannot begin is answered with JSON and a status.
 */
export function createSseHandler(pipeline: Pipeline, limits: ConnectionLimits): SseHandler {
  const open = new Set<ServerResponse>();

  async function handle(request: IncomingMessage, response: ServerResponse, caller: Caller, cut: Cut): Promise<void> {
    const params = await paramsOf(request).catch((error: unknown) => {
      if (!(error instanceof BodyRefused)) throw error;
      sendError(response, error.status, "BAD_REQUEST", error.message);
      return null;
    });
    if (!params) return;
    const lastEventId = request.headers["last-event-id"];
    const operation = await pipeline.prepare({
      caller,
      params,
      lastEventId: typeof lastEventId === "string" && lastEventId !== "" ? lastEventId : null,
    });
    if (!("kind" in operation)) return refuse(response, operation);
    if (operation.kind === "mutation" && request.method !== "POST") {
      response.setHeader("allow", "POST");
      return sendError(response, 405, "BAD_REQUEST", "A mutation has to be sent by POST.");
    }
    const stream = new EventStream(response, limits);
    if (operation.kind !== "subscription") {
      const result = await operation.execute();
      stream.begin();
      stream.send({ cursor: null, closed: Buffer.from(`${JSON.stringify(result)}}`) });
      return stream.complete();
    }
    // Clients come back, and hear then what their credential is worth.
    cut.stream = () => response.destroy();
    if (cut.ending !== null) return cut.stream();
    const live = await operation.open(stream);
    if (!("next" in live)) return refuse(response, live);
    if (response.destroyed) return void live.return();
    open.add(response);
    response.once("close", () => {
      open.delete(response);
      void live.return();
    });
    stream.begin();
    await live.next();
    stream.complete();
  }

  return {
    handle,
    async close(overMs) {
      const cuts = [...open].map((response) => sleep(Math.random() * overMs).then(() => response.destroy()));
      await Promise.all(cuts);
    },
  };
}

function refuse(response: ServerResponse, errors: readonly GraphQLError[]): void {
  const code = String(errors[0]?.extensions.code ?? "BAD_REQUEST");
  const retryAfterMs = errors[0]?.extensions.retryAfterMs;
  if (typeof retryAfterMs === "number") response.setHeader("retry-after", String(Math.ceil(retryAfterMs / 1000)));
  sendJson(response, STATUSES[code] ?? 400, { errors: errors.map((error) => error.toJSON()) });
}

/** The operation in a request. Throws `BodyRefused`. */
async function paramsOf(request: IncomingMessage): Promise<OperationParams> {
  const parsed = Params.safeParse(
    request.method === "GET" ? paramsInUrl(request) : await readJson(request, MAX_MESSAGE_BYTES),
  );
  if (parsed.success && (parsed.data.query || parsed.data.documentId || parsed.data.extensions)) return parsed.data;
  throw new BodyRefused(400, "Send query, and variables and operationName where they are needed.");
}

function paramsInUrl(request: IncomingMessage): unknown {
  const search = URL.parse(request.url ?? "/", "http://localhost")?.searchParams;
  const variables = search?.get("variables") ?? null;
  const extensions = search?.get("extensions") ?? null;
  try {
    return {
      query: search?.get("query"),
      ...(extensions == null ? {} : { extensions: JSON.parse(extensions) as unknown }),
      operationName: search?.get("operationName"),
      variables: variables === null ? null : JSON.parse(variables),
    };
  } catch {
    throw new BodyRefused(400, "The variables or extensions in the URL are not valid JSON.");
  }
}
