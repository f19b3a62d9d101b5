import { type GraphQLRequestError, requestError, TransportError } from "./errors.ts";

/**
 * Close codes after which the same connection or message would be refused again: of graphql-transport-ws (44xx) and of
 * WebSocket itself (RFC 6455). All others mean that the connection was lost.
 */
const REFUSALS: Readonly<Record<number, string>> = {
  1009: "BAD_REQUEST", // the message is too big
  4400: "BAD_REQUEST", // not a message of the protocol
  4401: "UNAUTHENTICATED",
  4403: "UNAUTHENTICATED", // also when the credential of an open connection has ended
  4406: "BAD_REQUEST", // another subprotocol
  4409: "BAD_REQUEST", // the subscription's id is taken
};
/** Close codes and HTTP statuses with which a server that has too much to do asks to be left alone for a while. */
const OVERLOADS: ReadonlySet<unknown> = new Set([1013, 4429, 429, 503]);

/** The error for a connection that was closed, or undefined for a cause that is no close event. */
export function closeError(cause: unknown): TransportError | GraphQLRequestError | undefined {
  const code = codeOf(cause);
  if (code === undefined) return undefined;
  const { reason } = cause as { reason?: unknown };
  const said = typeof reason === "string" && reason !== "" ? reason : "no reason given";
  const refusal = REFUSALS[code];
  return refusal === undefined
    ? new TransportError(`The connection was lost (close code ${code}, ${said}).`, { cause })
    : requestError([
        { message: `The server refused the connection (close code ${code}, ${said}).`, extensions: { code: refusal } },
      ]);
}

/** Whether a connection was refused or lost because the server has too much to do. */
export function isOverload(cause: unknown): boolean {
  return OVERLOADS.has(cause instanceof TransportError ? cause.status : codeOf(cause));
}

function codeOf(cause: unknown): number | undefined {
  const { code } = (cause ?? {}) as { code?: unknown };
  return typeof code === "number" ? code : undefined;
}
