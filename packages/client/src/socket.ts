import { createClient as createWebSocketClient } from "graphql-ws/client";
import { createConnectionGate } from "./connection-gate.ts";
import { authorization, type Credentials } from "./credentials.ts";
import { TransportError } from "./errors.ts";
import { type BackoffOptions, DEFAULT_BACKOFF } from "./retry.ts";
import { createStatus, OFFLINE_AFTER_FAILURES, type StatusValue } from "./status.ts";
import { connectionError, isRefusedConnection, subscribeOnce } from "./subscribe-once.ts";
import { createWatchdog } from "./watchdog.ts";

export interface SocketOptions {
  readonly credentials: Credentials;
  readonly backoff?: BackoffOptions;
  /** How long after the last pong the server is pinged again; 10 s by default. */
  readonly keepAliveMs?: number;
  /** How long a new connection or a ping may go unanswered before the peer counts as dead; 10 s by default. */
  readonly answerTimeoutMs?: number;
  /** A WebSocket class, where the platform has none. */
  readonly webSocketImpl?: unknown;
}

export interface Socket {
  readonly status: StatusValue;
  /**
   * Runs one subscription on the shared connection, opening it when needed, and hands every result's `data` to `next`.
   * Resolves when the server completes it, or `signal` aborts.
   * @throws TransportError when the connection is lost or cannot be made: run it again, the wait in between is kept here.
   * @throws GraphQLRequestError when the server refuses it, or a result has errors; then it has ended.
   */
  run(query: string, variables: unknown, next: (data: unknown) => void, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** One lazily opened WebSocket (protocol graphql-transport-ws) that all subscriptions of a client share. */
export function createSocket(url: string, options: SocketOptions): Socket {
  const gate = createConnectionGate(options.backoff ?? DEFAULT_BACKOFF);
  const status = createStatus();
  const watchdog = createWatchdog(options.answerTimeoutMs ?? 10_000, () => webSocket.terminate());
  const closing = new AbortController();
  let token: string | null = null;
  let running = 0;
  let attempt = 0;
  let attempting = false;
  let renewedAfter: number | undefined;

  function lost(): void {
    watchdog.calm();
    if (!attempting || closing.signal.aborted) return;
    attempting = false;
    // With nothing running, the connection was closed because nothing needs it.
    if (running === 0) return status.set("connecting");
    gate.failed();
    if (gate.failures >= OFFLINE_AFTER_FAILURES) status.set("offline");
    else if (status.current === "live") status.set("reconnecting");
  }

  const webSocket = createWebSocketClient({
    // The gate stands before every attempt. The library's own retries stay off: they would repeat a subscription
    // with the cursor that it began with.
    url: async () => {
      await gate.pass();
      attempt += 1;
      attempting = true;
      watchdog.expectAnswer();
      return url;
    },
    retryAttempts: 0,
    lazyCloseTimeout: 3_000,
    keepAlive: options.keepAliveMs ?? 10_000,
    connectionParams: async () => {
      token = await options.credentials();
      return authorization(token);
    },
    ...(options.webSocketImpl === undefined ? {} : { webSocketImpl: options.webSocketImpl }),
    on: {
      connected: () => {
        renewedAfter = undefined;
        gate.succeeded();
        status.set("live");
      },
      ping: (received) => {
        if (!received) watchdog.expectAnswer();
      },
      message: () => watchdog.calm(),
      error: lost,
      closed: lost,
    },
  });

  /** Credentials that were refused, but have been renewed meanwhile, get one more attempt. */
  async function explain(cause: unknown): Promise<Error> {
    if (!isRefusedConnection(cause)) return connectionError(cause);
    const refused = attempt;
    renewedAfter ??= refused;
    const renewed = renewedAfter === refused && (await isRenewed(options.credentials, token));
    return renewed ? new TransportError("The credentials were renewed.", { cause }) : connectionError(cause);
  }

  return {
    status,
    async run(query, variables, next, signal) {
      const end = AbortSignal.any([signal, closing.signal]);
      if (end.aborted) return;
      running += 1;
      try {
        await subscribeOnce(webSocket, { query, variables: variables as Record<string, unknown> }, next, end);
      } catch (error) {
        throw await explain(error);
      } finally {
        running -= 1;
      }
    },
    close() {
      const live = status.current === "live";
      closing.abort();
      gate.close();
      watchdog.calm();
      status.set("offline");
      // A connection still being made has nobody to say goodbye to.
      if (live) void webSocket.dispose();
      else webSocket.terminate();
    },
  };
}

async function isRenewed(credentials: Credentials, used: string | null): Promise<boolean> {
  try {
    return (await credentials()) !== used;
  } catch {
    return false;
  }
}
