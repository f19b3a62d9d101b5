import { isOverload } from "./close-codes.ts";
import { createConnectionGate } from "./connection-gate.ts";
import { createRenewal } from "./credentials.ts";
import { TransportError, UnauthenticatedError } from "./errors.ts";
import { DEFAULT_BACKOFF } from "./retry.ts";
import { createStatus, OFFLINE_AFTER_FAILURES, type StatusValue } from "./status.ts";
import type { TransportOptions } from "./transport.ts";

/** One attempt to connect, and the connection that it becomes. */
export interface ConnectionAttempt {
  /** Where the server is, without `/graphql`. */
  readonly origin: string;
  /** The token to connect with. */
  token(): Promise<string | null>;
  /** The connection stands, and the server took the token. */
  succeeded(): void;
  /** The connection could not be made, or was lost. */
  failed(cause: unknown): void;
  /** The error to report after `failed`: a refusal, unless the credentials have been renewed meanwhile. */
  explain(error: Error): Promise<Error>;
}

export interface ConnectionAttempts {
  readonly status: StatusValue;
  /** Waits until the next attempt may begin, and says where. @throws the signal's reason */
  begin(signal: AbortSignal): Promise<ConnectionAttempt>;
  close(): void;
}

/** What every transport knows about its connections: when the next one may begin, to which server, and how they fare. */
export function createConnectionAttempts({ origins, credentials, backoff }: TransportOptions): ConnectionAttempts {
  const gate = createConnectionGate(backoff ?? DEFAULT_BACKOFF);
  const renewal = createRenewal(credentials);
  const status = createStatus();
  return {
    status,
    async begin(signal) {
      const round = await gate.pass(signal);
      const origin = origins.current;
      return {
        origin,
        token: renewal.token,
        succeeded() {
          renewal.accepted();
          gate.succeeded(round);
          status.set("live");
        },
        failed(cause) {
          origins.failed(origin);
          gate.failed(round, isOverload(cause));
          if (gate.failures >= OFFLINE_AFTER_FAILURES) status.set("offline");
          else if (status.current === "live") status.set("reconnecting");
        },
        async explain(error) {
          const renewed = error instanceof UnauthenticatedError && (await renewal.isRenewed(round));
          return renewed ? new TransportError("The credentials were renewed.", { cause: error }) : error;
        },
      };
    },
    close() {
      gate.close();
      status.set("offline");
    },
  };
}
