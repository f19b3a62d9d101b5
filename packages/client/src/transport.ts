import type { Credentials } from "./credentials.ts";
import type { Persisted } from "./operation-payload.ts";
import type { Origins } from "./origins.ts";
import type { BackoffOptions } from "./retry.ts";
import type { StatusValue } from "./status.ts";

export interface TransportOptions {
  readonly origins: Origins;
  readonly credentials: Credentials;
  readonly backoff?: BackoffOptions;
  /** How long after the last sign of life the server is pinged again; 10 s by default. */
  readonly keepAliveMs?: number;
  /** How long a new connection or a ping may go unanswered before the peer counts as dead; 10 s by default. */
  readonly answerTimeoutMs?: number;
  /** Which documents the server knows by their hashes: of these no text is sent. None by default. */
  readonly persisted?: Persisted;
  /** A WebSocket class, where the platform has none. */
  readonly webSocketImpl?: unknown;
}

export const DEFAULT_KEEP_ALIVE_MS = 10_000;
export const DEFAULT_ANSWER_TIMEOUT_MS = 10_000;

/** What subscriptions run on, and mutations where they can. It opens nothing until it is used. */
export interface Transport {
  readonly status: StatusValue;
  /** What the server said when it took the last connection; undefined before, and where it says nothing. */
  readonly greeting?: unknown;
  /**
   * Runs one subscription, once, and hands every result's `data` to `next`, which must not throw. Resolves when the server
   * completes it, or `signal` aborts.
   * @throws TransportError when the connection is lost or cannot be made: run it again, the wait in between is kept here.
   * @throws GraphQLRequestError when the server refuses it, or a result has errors; then it has ended.
   */
  run(query: string, variables: unknown, next: (data: unknown) => void, signal: AbortSignal): Promise<void>;
  /**
   * Runs one mutation, once, over the connection that is open anyway, and answers its data. Null, and nothing is sent, when there
   * is none, it has too much under way, or it has just failed: then send it otherwise. Without it, there never is one.
   * @throws TransportError when the connection is lost, or `signal` aborts, before the answer: it may have been carried out.
   * @throws GraphQLRequestError when the answer has errors.
   */
  mutate?(query: string, variables: unknown, signal: AbortSignal): Promise<unknown> | null;
  close(): void;
}

export type CreateTransport = (options: TransportOptions) => Transport;
