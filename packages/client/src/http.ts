import { authorization, type Credentials } from "./credentials.ts";
import type { TypedDocument } from "./document.ts";
import { type GraphQLResponseError, isTransient, requestError, TransportError } from "./errors.ts";
import type { Origins } from "./origins.ts";

export interface ExecuteOptions {
  readonly signal?: AbortSignal;
  /** How long to wait for the whole answer; 30 s by default. */
  readonly timeoutMs?: number;
}

export type Execute = <Data, Variables>(
  document: TypedDocument<Data, Variables>,
  variables: Variables,
  options?: ExecuteOptions,
) => Promise<Data>;

interface Result {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLResponseError[];
}

/** Runs one query or mutation over HTTP. What may have run is never repeated here: only the caller knows what is idempotent. */
export async function executeOverHttp<Data, Variables>(
  origins: Origins,
  credentials: Credentials,
  document: TypedDocument<Data, Variables>,
  variables: Variables,
  { signal, timeoutMs = 30_000 }: ExecuteOptions = {},
): Promise<Data> {
  const late = AbortSignal.timeout(timeoutMs);
  const end = signal ? AbortSignal.any([signal, late]) : late;
  // Outside of the attempt: variables that are no JSON are the caller's error, not the network's.
  const body = JSON.stringify({ query: document.toString(), variables });
  const origin = origins.current;
  const token = await credentials();
  try {
    let answer = await post(origin, body, token, end);
    if (answer.status === 401) {
      // Nothing has run.
      const renewed = await credentials(token ?? undefined);
      if (renewed !== token) answer = await post(origin, body, renewed, end);
    }
    return dataOf(answer) as Data;
  } catch (error) {
    signal?.throwIfAborted();
    if (isTransient(error)) origins.failed(origin);
    if (!(late.aborted && error instanceof TransportError)) throw error;
    throw new TransportError(`The server at ${origin} did not answer within ${timeoutMs} ms.`, { cause: error });
  }
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
