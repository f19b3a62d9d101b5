import type { Client } from "@muster/client/client.ts";
import { errorCode, isTransient } from "@muster/client/errors.ts";
import { retry } from "@muster/client/retry.ts";
import type { AgentIdentity } from "./agent-definition.ts";
import { OPEN_CONTEXT, type PatchOperation, READ_CONTEXT, WRITE_CONTEXT } from "./documents.ts";
import { mutateUntilAnswered } from "./mutate.ts";

export interface Contexts {
  /** Opens a context by name, making it when it does not exist: the agent's own, or one that its whole project shares. */
  open(name: string, options?: { readonly shared?: boolean }): Promise<ContextHandle>;
}

export interface ContextSnapshot {
  readonly version: number;
  /** Null when the pointer leads nowhere, or nothing was written yet (version 0). */
  readonly data: unknown;
}

export interface WriteOptions {
  /** Why, for people. */
  readonly message?: string;
  /** The version that the change is based on, refused when older than a rollback; the last one that this handle read or wrote by default. */
  readonly baseVersion?: number;
  /** The version that must be current: otherwise the write answers CONFLICT. */
  readonly expectedVersion?: number;
}

/** A context. Writes that the server refuses throw a MutationError: CONFLICT, ROLLBACK_PENDING, VERSION_HELD, INVALID_INPUT. */
export interface ContextHandle {
  readonly id: string;
  readonly name: string;
  /** The current version; `pointer` (RFC 6901) picks a part of the data. */
  read(pointer?: string): Promise<ContextSnapshot>;
  write(data: unknown, options?: WriteOptions): Promise<{ readonly version: number }>;
  /** Writes the current data changed by a JSON patch (RFC 6902). */
  patch(operations: readonly PatchOperation[], options?: WriteOptions): Promise<{ readonly version: number }>;
  /**
   * Reads, calls `change`, and writes what it answers if nobody wrote meanwhile; otherwise does it again with the newer data.
   * `change` answers undefined to leave the data as it is.
   */
  update(
    change: (data: unknown) => unknown,
    options?: { readonly message?: string },
  ): Promise<{ readonly version: number }>;
}

/** A context that is written so often that even this many attempts collide needs another design. */
const MAX_COLLISIONS = 20;

export function createContexts(client: Client, agent: AgentIdentity, signal: AbortSignal): Contexts {
  return {
    async open(name, options = {}) {
      const { id: agentId, projectId } = agent;
      const input = options.shared ? { projectId, name } : { projectId, agentId, name };
      const { id } = await mutateUntilAnswered(client, OPEN_CONTEXT, input, signal);
      return createHandle(client, id, name, signal);
    },
  };
}

function createHandle(client: Client, id: string, name: string, signal: AbortSignal): ContextHandle {
  let lastKnown: number | undefined;

  async function read(pointer?: string): Promise<ContextSnapshot> {
    const variables = { id, pointer: pointer ?? null };
    const { node } = await retry(() => client.execute(READ_CONTEXT, variables, { signal }), { signal });
    if (node === null) throw new Error(`The context ${name} (${id}) is gone, or not this agent's to read.`);
    lastKnown = node.currentVersion;
    return { version: node.currentVersion, data: node.data };
  }

  async function write(
    content: { data: unknown } | { patch: readonly PatchOperation[] },
    { message, baseVersion = lastKnown, expectedVersion }: WriteOptions,
  ): Promise<{ version: number }> {
    // One key for all repeats of this write, so that an answer lost on the way does not make two versions.
    const input = {
      contextId: id,
      ...content,
      idempotencyKey: crypto.randomUUID(),
      ...(message === undefined ? {} : { message }),
      ...(baseVersion === undefined ? {} : { baseVersion }),
      ...(expectedVersion === undefined ? {} : { expectedVersion }),
    };
    const { number } = await mutateUntilAnswered(client, WRITE_CONTEXT, input, signal);
    lastKnown = number;
    return { version: number };
  }

  return {
    id,
    name,
    read,
    write: (data, options = {}) => write({ data }, options),
    patch: (operations, options = {}) => write({ patch: operations }, options),
    update(change, options = {}) {
      const attempt = async () => {
        const { version, data } = await read();
        const changed = await change(data);
        if (changed === undefined) return { version };
        return write({ data: changed }, { ...options, baseVersion: version, expectedVersion: version });
      };
      return retry(attempt, { signal, shouldRetry: canReadAgain, backoff: { baseMs: 20, maxMs: 1_000 } });
    },
  };
}

function canReadAgain(error: unknown, failures: number): boolean {
  const collided = ["CONFLICT", "ROLLBACK_PENDING"].includes(errorCode(error) ?? "");
  return isTransient(error) || (collided && failures < MAX_COLLISIONS);
}
