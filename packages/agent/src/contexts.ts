import type { Client } from "@muster/client/client.ts";
import { errorCode, isTransient } from "@muster/client/errors.ts";
import { retry } from "@muster/client/retry.ts";
import type { AgentIdentity } from "./agent-definition.ts";
import {
  OPEN_CONTEXT,
  type PatchOperation,
  READ_CONTEXT,
  READ_CONTEXT_VERSION,
  REWRITE_CONTEXT,
  WRITE_CONTEXT,
  type WriteContextInput,
} from "./documents.ts";
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
  /** When others have written since the base version: put the change together with theirs, unless they touch (CONFLICT). */
  readonly merge?: boolean;
}

export interface WrittenVersion {
  readonly version: number;
  /** Set when it holds changes of others, too, that came after this version: read before building on it. */
  readonly mergedFrom?: number;
}

/**
 * A context. Writes that the server refuses throw a MutationError: CONFLICT, ROLLBACK_PENDING, VERSION_HELD, VERSION_PRUNED,
 * INVALID_INPUT. The `fields` of a CONFLICT have the `currentVersion`, as `diff` what has changed up to it (a JSON patch, or null),
 * and as `paths` where the changes of a merge touch.
 */
export interface ContextHandle {
  readonly id: string;
  readonly name: string;
  /** The current version; `pointer` (RFC 6901) picks a part of the data. */
  read(pointer?: string): Promise<ContextSnapshot>;
  /** An older version. Throws when there is none; VERSION_PRUNED when retention has removed its data. */
  readVersion(version: number, pointer?: string): Promise<ContextSnapshot>;
  write(data: unknown, options?: WriteOptions): Promise<WrittenVersion>;
  /** Writes the current data changed by a JSON patch (RFC 6902). */
  patch(operations: readonly PatchOperation[], options?: WriteOptions): Promise<WrittenVersion>;
  /** Writes the current data changed by a JSON merge patch (RFC 7396): its members replace those that are there, null removes them. */
  mergePatch(patch: unknown, options?: WriteOptions): Promise<WrittenVersion>;
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

  async function readVersion(version: number, pointer?: string): Promise<ContextSnapshot> {
    const variables = { id, number: version, pointer: pointer ?? null };
    const { node } = await retry(() => client.execute(READ_CONTEXT_VERSION, variables, { signal }), { signal });
    if (!node?.version)
      throw new Error(`The context ${name} (${id}) has no version ${version}, or is not this agent's to read.`);
    return { version, data: node.version.data };
  }

  async function write(
    content: Pick<WriteContextInput, "data" | "patch" | "mergePatch">,
    { message, baseVersion = lastKnown, expectedVersion, merge }: WriteOptions,
    document = WRITE_CONTEXT,
  ): Promise<WrittenVersion> {
    // One key for all repeats of this write, so that an answer lost on the way does not make two versions.
    const input = {
      contextId: id,
      ...content,
      idempotencyKey: crypto.randomUUID(),
      ...(message === undefined ? {} : { message }),
      ...(baseVersion === undefined ? {} : { baseVersion }),
      ...(expectedVersion === undefined ? {} : { expectedVersion }),
      ...(merge === undefined ? {} : { merge }),
    };
    const { number, mergedFrom } = await mutateUntilAnswered(client, document, input, signal);
    // Who has merged does not know what the others have written.
    lastKnown = mergedFrom ?? number;
    return mergedFrom === null ? { version: number } : { version: number, mergedFrom };
  }

  return {
    id,
    name,
    read,
    readVersion,
    write: (data, options = {}) => write({ data }, options),
    patch: (operations, options = {}) => write({ patch: operations }, options),
    mergePatch: (patch, options = {}) => write({ mergePatch: patch }, options),
    update(change, options = {}) {
      const attempt = async () => {
        const { version, data } = await read();
        const changed = await change(data);
        if (changed === undefined) return { version };
        const expected = { ...options, baseVersion: version, expectedVersion: version };
        return write({ data: changed }, expected, REWRITE_CONTEXT);
      };
      return retry(attempt, { signal, shouldRetry: canReadAgain, backoff: { baseMs: 20, maxMs: 1_000 } });
    },
  };
}

function canReadAgain(error: unknown, failures: number): boolean {
  const collided = ["CONFLICT", "ROLLBACK_PENDING"].includes(errorCode(error) ?? "");
  return isTransient(error) || (collided && failures < MAX_COLLISIONS);
}
