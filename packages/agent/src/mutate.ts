import type { Client } from "@muster/client/client.ts";
import type { TypedDocument } from "@muster/client/document.ts";
import { errorCode, isPermanent, isTransient, MutationError, TransportError } from "@muster/client/errors.ts";
import type { ExecuteOptions } from "@muster/client/execute.ts";
import { retry } from "@muster/client/retry.ts";
import { unwrap } from "@muster/client/unwrap.ts";
import type { Result } from "./documents.ts";

type Mutation<Input, Data> = TypedDocument<{ result: Result<Data> }, { input: Input }>;

/** Runs a mutation once. @throws MutationError for an expected error, and what `Client.execute` throws. */
export async function mutate<Input, Data>(
  client: Client,
  document: Mutation<Input, Data>,
  input: Input,
  options?: ExecuteOptions,
): Promise<Data> {
  const { result } = await client.execute(document, { input }, options);
  return unwrap(result) as Data;
}

/** After so many answers that are neither an expected error nor a reason to wait, the server is taken at its word. */
const MAX_UNEXPECTED_ANSWERS = 8;

/**
 * Runs an idempotent mutation until the server has answered it, however long it is away.
 * @throws the answer when it is an error, or the signal's reason.
 */
export function mutateUntilAnswered<Input, Data>(
  client: Client,
  document: Mutation<Input, Data>,
  input: Input,
  signal: AbortSignal,
): Promise<Data> {
  let unexpected = 0;
  const shouldRetry = (error: unknown): boolean => {
    if (isTransient(error)) return true;
    if (isPermanent(error) || error instanceof MutationError || errorCode(error) === undefined) return false;
    unexpected += 1;
    return unexpected < MAX_UNEXPECTED_ANSWERS;
  };
  return retry(() => mutate(client, document, input, { signal }), { signal, shouldRetry });
}

/** Whether the server answered that this attempt of the task is not the caller's any more. */
export function isLeaseLost(error: unknown): boolean {
  return ["LEASE_LOST", "NOT_FOUND", "ILLEGAL_TRANSITION"].includes(errorCode(error) ?? "");
}

/** Whether the server refuses this process itself: its key is revoked, or its agent is gone. */
export function isRefused(error: unknown): boolean {
  return isPermanent(error) && !(error instanceof TransportError);
}
