import { authorization, type Credentials } from "./credentials.ts";
import { type GraphQLResponseError, requestError, TransportError } from "./errors.ts";

interface Result {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLResponseError[];
}

/**
 * Sends one operation, the JSON `body`, over HTTP; twice when it was refused and there are other credentials.
 * @throws TransportError, GraphQLRequestError
 */
export async function sendOverHttp(
  origin: string,
  credentials: Credentials,
  body: string,
  signal: AbortSignal,
): Promise<unknown> {
  const token = await credentials();
  const answer = await post(origin, body, token, signal);
  if (answer.status !== 401) return dataOf(answer);
  // Nothing has run.
  const renewed = await credentials(token ?? undefined);
  return dataOf(renewed === token ? answer : await post(origin, body, renewed, signal));
}

interface Answer {
  readonly origin: string;
  readonly status: number;
  readonly text: string;
}

async function post(origin: string, body: string, token: string | null, signal: AbortSignal): Promise<Answer> {
  const headers = {
    accept: "application/graphql-response+json, application/json;q=0.9",
    "content-type": "application/json",
    ...authorization(token),
  };
  try {
    const response = await fetch(`${origin}/graphql`, { method: "POST", headers, body, signal });
    return { origin, status: response.status, text: await response.text() };
  } catch (cause) {
    throw new TransportError(`The server at ${origin} cannot be reached.`, { cause });
  }
}

/** The data in an answer. @throws what its errors, or else its status, say */
export function dataOf({ origin, status, text }: Answer): unknown {
  const result = parseResult(text);
  const ok = status >= 200 && status < 300;
  if (result?.errors && result.errors.length > 0) throw requestError(result.errors);
  if (ok && result?.data !== undefined && result.data !== null) return result.data;
  // Not GraphQL: a proxy's answer, or the server's before it looked at the document.
  const message = `The server at ${origin} answered with status ${status} and no GraphQL result.`;
  if (status === 401) throw requestError([{ message, extensions: { code: "UNAUTHENTICATED" } }]);
  if (status === 403) throw requestError([{ message, extensions: { code: "FORBIDDEN" } }]);
  throw new TransportError(message, { status });
}

function parseResult(text: string): Result | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : null;
  } catch {
    return null;
  }
}
