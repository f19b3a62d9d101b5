import { createClient as createWebSocketClient } from "graphql-ws/client";
import { closeError } from "./close-codes.ts";
import { type ConnectionAttempt, createConnectionAttempts } from "./connection-attempts.ts";
import { authorization } from "./credentials.ts";
import { TransportError } from "./errors.ts";
import { operationPayload } from "./operation-payload.ts";
import { createPinger } from "./pinger.ts";
import { connectionError, subscribeOnce } from "./subscribe-once.ts";
import {
  DEFAULT_ANSWER_TIMEOUT_MS,
  DEFAULT_KEEP_ALIVE_MS,
  type Transport,
  type TransportOptions,
} from "./transport.ts";
import { createMutationGate } from "./mutation-gate.ts";
import { mutateOnce } from "./mutate-once.ts";
import { createWatchdog } from "./watchdog.ts";

const OPEN = 1;
const PING = '{"type":"ping"}';

/** One lazily opened WebSocket (protocol graphql-transport-ws) that all subscriptions and mutations of a client share. */
export function webSocket(options: TransportOptions): Transport {
  const attempts = createConnectionAttempts(options);
  const { status } = attempts;
  const watchdog = createWatchdog(options.answerTimeoutMs ?? DEFAULT_ANSWER_TIMEOUT_MS, () => client.terminate());
  const closing = new AbortController();
  const gate = createMutationGate();
  let socket: Pick<WebSocket, "readyState" | "send"> | null = null;
  const pinger = createPinger(options.keepAliveMs ?? DEFAULT_KEEP_ALIVE_MS, () => {
    if (socket?.readyState !== OPEN) return;
    socket.send(PING);
    watchdog.expectAnswer();
  });
  let attempt: ConnectionAttempt | null = null;
  let connecting = false;
  let running = 0;
  let greeting: unknown;

  function lost(cause: unknown): void {
    watchdog.calm();
    pinger.stop();
    if (!connecting || closing.signal.aborted) return;
    connecting = false;
    // With nothing running, the connection was closed because nothing needs it.
    if (running === 0) status.set("connecting");
    else attempt?.failed(cause);
  }

  const client = createWebSocketClient({
    // The wait stands before every attempt. The library's own retries stay off: they would repeat a subscription
    // with the cursor that it began with.
    url: async () => {
      // Once closed, the attempt never comes: a rejection here would reach nobody.
      attempt = await attempts.begin(closing.signal).catch(() => new Promise<never>(() => {}));
      connecting = true;
      watchdog.expectAnswer();
      return `${attempt.origin.replace(/^http/, "ws")}/graphql`;
    },
    retryAttempts: 0,
    // Long enough to subscribe again; the library's timer holds up the end of a process for as long.
    lazyCloseTimeout: 1_000,
    connectionParams: async () => authorization((await attempt?.token()) ?? null),
    ...(options.webSocketImpl === undefined ? {} : { webSocketImpl: options.webSocketImpl }),
    on: {
      connected: (opened, payload) => {
        socket = opened as WebSocket;
        greeting = payload;
        pinger.start();
        attempt?.succeeded();
      },
      message() {
        pinger.heard();
        watchdog.calm();
      },
      error: lost,
      closed: lost,
    },
  });

  return {
    status,
    get greeting() {
      return greeting;
    },
    async run(query, variables, next, signal) {
      const end = AbortSignal.any([signal, closing.signal]);
      if (end.aborted) return;
      running += 1;
      try {
        await subscribeOnce(client, operationPayload(query, variables, options.persisted), next, end);
      } catch (cause) {
        const refused = attempt;
        const error = connectionError(cause);
        throw refused && closeError(cause) ? await refused.explain(error) : error;
      } finally {
        running -= 1;
      }
    },
    mutate(query, variables, signal) {
      if (socket?.readyState !== OPEN || closing.signal.aborted || signal.aborted) return null;
      const leave = gate.enter();
      if (!leave) return null;
      running += 1;
      const payload = operationPayload(query, variables, options.persisted);
      const answered = mutateOnce(client, payload, AbortSignal.any([signal, closing.signal])).finally(() => {
        running -= 1;
      });
      answered.then(
        () => leave("answered"),
        (error: unknown) => leave(error instanceof TransportError && !isGivenUp(signal) ? "lost" : "answered"),
      );
      return answered;
    },
    close() {
      const live = status.current === "live";
      closing.abort();
      watchdog.calm();
      pinger.stop();
      attempts.close();
      // A connection still being made has nobody to say goodbye to.
      if (live) void client.dispose();
      else client.terminate();
    },
  };
}

/** Whether the caller gave up, for another reason than that it took too long. */
function isGivenUp({ aborted, reason }: AbortSignal): boolean {
  return aborted && !(reason instanceof Error && reason.name === "TimeoutError");
}
