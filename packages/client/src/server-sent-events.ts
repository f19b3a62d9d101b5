import { createParser } from "eventsource-parser";
import { createConnectionAttempts } from "./connection-attempts.ts";
import { authorization } from "./credentials.ts";
import { GraphQLRequestError, type GraphQLResponseError, requestError, TransportError } from "./errors.ts";
import { dataOf } from "./http.ts";
import { operationPayload } from "./operation-payload.ts";
import {
  DEFAULT_ANSWER_TIMEOUT_MS,
  DEFAULT_KEEP_ALIVE_MS,
  type Transport,
  type TransportOptions,
} from "./transport.ts";
import { createWatchdog, type Watchdog } from "./watchdog.ts";

const CONNECTION_ERRORS: ReadonlySet<string> = new Set(["UNAUTHENTICATED", "UNAVAILABLE"]);

/**
 * GraphQL over server-sent events ("distinct connections" mode): a streamed HTTP response for each subscription. For programs
 * behind proxies that let no WebSocket through; browsers hold few such responses at once over HTTP/1.1. The server writes
 * something every few seconds, if only a comment: a longer silence counts as a lost connection.
 */
export function serverSentEvents(options: TransportOptions): Transport {
  const attempts = createConnectionAttempts(options);
  const closing = new AbortController();
  const { keepAliveMs = DEFAULT_KEEP_ALIVE_MS, answerTimeoutMs = DEFAULT_ANSWER_TIMEOUT_MS } = options;
  return {
    status: attempts.status,
    async run(query, variables, next, signal) {
      const end = AbortSignal.any([signal, closing.signal]);
      // Outside of the attempt: variables that are no JSON are the caller's error, not the network's.
      const body = JSON.stringify(operationPayload(query, variables, options.persisted));
      const attempt = await attempts.begin(end).catch(() => null);
      if (!attempt) return;
      const reading = new AbortController();
      const watchdog = createWatchdog(keepAliveMs + answerTimeoutMs, () => reading.abort());
      watchdog.expectAnswer();
      try {
        const response = await fetch(`${attempt.origin}/graphql`, {
          method: "POST",
          headers: {
            accept: "text/event-stream",
            "content-type": "application/json",
            ...authorization(await attempt.token()),
          },
          body,
          signal: AbortSignal.any([end, reading.signal]),
        });
        const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
        if (!isStream || !response.body) {
          dataOf({ origin: attempt.origin, status: response.status, text: await response.text() });
          throw new TransportError(`The server at ${attempt.origin} did not answer with a stream of events.`);
        }
        attempt.succeeded();
        await readStream(response.body, next, watchdog);
      } catch (cause) {
        if (end.aborted) return;
        const error = cause instanceof GraphQLRequestError || cause instanceof TransportError ? cause : lost(cause);
        // What the server answers otherwise says nothing against the connection.
        if (error instanceof TransportError || CONNECTION_ERRORS.has(error.code)) attempt.failed(error);
        throw await attempt.explain(error);
      } finally {
        watchdog.calm();
        reading.abort();
      }
    },
    close() {
      closing.abort();
      attempts.close();
    },
  };
}

function lost(cause?: unknown): TransportError {
  return new TransportError("The connection was lost, or could not be made.", { cause });
}

/** Hands out every result until the server completes the subscription. @throws a result's errors, or that the stream broke off */
async function readStream(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  next: (data: unknown) => void,
  watchdog: Watchdog,
): Promise<void> {
  let completed = false;
  const parser = createParser({
    onEvent({ event, data }) {
      if (event === "complete") completed = true;
      if (event !== "next" || completed) return;
      const result = JSON.parse(data) as { data?: unknown; errors?: readonly GraphQLResponseError[] };
      if (result.errors && result.errors.length > 0) throw requestError(result.errors);
      next(result.data);
    },
  });
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  while (!completed) {
    const { done, value } = await reader.read();
    if (done) throw lost();
    watchdog.calm();
    watchdog.expectAnswer();
    parser.feed(value);
  }
}
