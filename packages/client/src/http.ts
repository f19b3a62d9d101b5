import { authorization, type Credentials } from "./credentials.ts";
import type { TypedDocument } from "./document.ts";
import { type GraphQLResponseError, requestError, TransportError } from "./errors.ts";

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

/** Runs one query or mutation over HTTP. It is never repeated here: only the caller knows what is idempotent. */
export async function executeOverHttp<Data, Variables>(
  endpoint: string,
  credentials: Credentials,
  document: TypedDocument<Data, Variables>,
  variables: Variables,
  { signal, timeoutMs = 30_000 }: ExecuteOptions = {},
): Promise<Data> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const headers = {
    accept: "application/graphql-response+json, application/json;q=0.9",
    "content-type": "application/json",
    ...authorization(await credentials()),
  };
  // Outside of the attempt: variables that are no JSON are the caller's error, not the network's.
  const body = JSON.stringify({ query: document.toString(), variables });
  let response: Response;
  let text: string;
  try {
    response = await fetch(endpoint, {
      method: "POST",
      headers,
      body,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    text = await response.text();
  } catch (cause) {
    signal?.throwIfAborted();
    const what = timeout.aborted ? `did not answer within ${timeoutMs} ms` : "cannot be reached";
    throw new TransportError(`The server at ${endpoint} ${what}.`, { cause });
  }
  const result = parseResult(text);
  if (result?.errors && result.errors.length > 0) throw requestError(result.errors);
  if (response.ok && result?.data !== undefined && result.data !== null) return result.data as Data;
  throw refusal(endpoint, response.status);
}

function parseResult(text: string): Result | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : null;
  } catch {
    return null;
  }
}

/** An answer that is not GraphQL: a proxy's, or the server's before it looked at the document. */
function refusal(endpoint: string, status: number): Error {
  const message = `The server at ${endpoint} answered with status ${status} and no GraphQL result.`;
  if (status === 401) return requestError([{ message, extensions: { code: "UNAUTHENTICATED" } }]);
  if (status === 403) return requestError([{ message, extensions: { code: "FORBIDDEN" } }]);
  return new TransportError(message, { status });
}
