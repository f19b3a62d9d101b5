/** The hash by which the server knows a document, as 64 hexadecimal digits; null for one that is sent as text. */
export type Persisted = (query: string) => string | null;

/** An operation as it is sent: over WebSocket the text has to be there, if only empty. */
export interface OperationPayload {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly extensions?: Record<string, unknown>;
}

/** What is sent of an operation: its text, or the hash in its place where it is a known one. */
export function operationPayload(query: string, variables: unknown, persisted?: Persisted): OperationPayload {
  const given = variables as Record<string, unknown>;
  const sha256Hash = persisted?.(query) ?? null;
  if (sha256Hash === null) return { query, variables: given };
  return { query: "", variables: given, extensions: { persistedQuery: { version: 1, sha256Hash } } };
}
