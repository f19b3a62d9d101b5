/** One entry of a GraphQL response's `errors`. */
export interface GraphQLResponseError {
  readonly message: string;
  readonly locations?: readonly unknown[];
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly [key: string]: unknown };
}

/** The request did not reach the server, or its answer did not come back: it may or may not have been carried out. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  /** The HTTP status, when there was one. */
  readonly status: number | undefined;
  /** Whether asking again can help: not after a 4xx other than 408 and 429. */
  readonly retryable: boolean;
  constructor(message: string, options: { cause?: unknown; status?: number } = {}) {
    super(message, { cause: options.cause });
    this.status = options.status;
    this.retryable =
      options.status === undefined || options.status >= 500 || options.status === 408 || options.status === 429;
  }
}

/** The server answered with `errors`. `code` is the first one's `extensions.code`. */
export class GraphQLRequestError extends Error {
  override readonly name: string = "GraphQLRequestError";
  readonly errors: readonly GraphQLResponseError[];
  readonly code: string;
  constructor(errors: readonly GraphQLResponseError[]) {
    super(errors.map((error) => error.message).join("\n") || "The server answered with an error.");
    this.errors = errors;
    this.code = errors[0]?.extensions?.code ?? "UNKNOWN";
  }
}

/** The credentials are missing, wrong, expired or revoked. */
export class UnauthenticatedError extends GraphQLRequestError {
  override readonly name = "UnauthenticatedError";
}

/** The credentials are valid, but do not permit this. */
export class ForbiddenError extends GraphQLRequestError {
  override readonly name = "ForbiddenError";
}

/** Makes the error class that fits the code of the first error. */
export function requestError(errors: readonly GraphQLResponseError[]): GraphQLRequestError {
  const code = errors[0]?.extensions?.code;
  if (code === "UNAUTHENTICATED") return new UnauthenticatedError(errors);
  if (code === "FORBIDDEN") return new ForbiddenError(errors);
  return new GraphQLRequestError(errors);
}

/** A mutation answered with one of its expected errors, such as `Conflict`; `fields` holds what the document asked for. */
export class MutationError extends Error {
  override readonly name = "MutationError";
  readonly code: string;
  readonly fields: Readonly<Record<string, unknown>>;
  constructor(code: string, message: string, fields: Readonly<Record<string, unknown>>) {
    super(message);
    this.code = code;
    this.fields = fields;
  }
}

/** The error's code, whichever class it has; undefined for errors that carry none. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof GraphQLRequestError || error instanceof MutationError ? error.code : undefined;
}

/** How long the server asks to wait before the same request can succeed; undefined when it does not say. */
export function retryAfterMs(error: unknown): number | undefined {
  const told =
    error instanceof MutationError
      ? error.fields["retryAfterMs"]
      : error instanceof GraphQLRequestError
        ? error.errors[0]?.extensions?.["retryAfterMs"]
        : undefined;
  return typeof told === "number" ? told : undefined;
}

/** Whether the same request can be expected to succeed a little later. Only repeat what is idempotent. */
export function isTransient(error: unknown): boolean {
  if (error instanceof TransportError) return error.retryable;
  return errorCode(error) === "UNAVAILABLE" || retryAfterMs(error) !== undefined;
}

const PERMANENT_CODES = new Set([
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "NOT_FOUND",
  "INVALID_INPUT",
  "BAD_REQUEST",
  "BAD_USER_INPUT",
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
]);

/** Whether repeating a request cannot help, because of what was asked or who asked. */
export function isPermanent(error: unknown): boolean {
  if (error instanceof TransportError) return !error.retryable;
  const code = errorCode(error);
  return (code !== undefined && PERMANENT_CODES.has(code)) || isDocumentError(error);
}

/** An error with a place in the document but none in the result is one of parsing or validation, whatever its code. */
function isDocumentError(error: unknown): boolean {
  const first = error instanceof GraphQLRequestError ? error.errors[0] : undefined;
  return first?.locations !== undefined && first.path === undefined;
}
