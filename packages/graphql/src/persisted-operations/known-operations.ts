import { operationHash } from "@muster/operations/persisted-operations/persist-operations.ts";
import { findPersistedOperation } from "@muster/operations/persisted-operations/persisted-operation-queries.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { GraphQLError } from "graphql";

/** An operation as a client sends it: its text, its hash, or both. */
export interface NamedOperation {
  readonly query?: string | null | undefined;
  /** As clients with trusted documents name one: the hash, with `sha256:` before it or without. */
  readonly documentId?: unknown;
  /** As clients with persisted queries name one: `persistedQuery.sha256Hash`. */
  readonly extensions?: unknown;
}

export interface KnownOperationsOptions {
  readonly runtime: Pick<Runtime, "database">;
  /** What comes with Muster: texts by their hashes. Asked again for a hash that it did not have. */
  readonly shipped: () => Promise<ReadonlyMap<string, string>>;
  /** Whether no others are run. */
  readonly only: boolean;
}

const HASH = /^(?:sha256:)?([0-9a-f]{64})$/;
const MOST_KEPT = 5_000;

/** The operations that are known by their hashes: those that ship with Muster, and those that were made known to it. */
export class KnownOperations {
  readonly #options: KnownOperationsOptions;
  /** What the database has; it never changes. */
  readonly #kept = new Map<string, string>();

  constructor(options: KnownOperationsOptions) {
    this.#options = options;
  }

  /**
   * The text to run. Throws a `GraphQLError` when the hash is not known, is not that of the text, or only known operations are run
   * and this is none.
   */
  async textOf(operation: NamedOperation): Promise<string> {
    const { query } = operation;
    const hash = hashIn(operation);
    if (hash === null) {
      const text = query ?? "";
      if (this.#options.only && (await this.#find(operationHash(text))) === null) throw onlyKnown();
      return text;
    }
    if (typeof query === "string" && query !== "") {
      if (operationHash(query) !== hash)
        throw badRequest("The hash is not the SHA-256 of the document that came with it.");
      if (this.#options.only && (await this.#find(hash)) === null) throw onlyKnown();
      return query;
    }
    const text = await this.#find(hash);
    if (text === null) throw unknownHash(this.#options.only);
    return text;
  }

  async #find(hash: string): Promise<string | null> {
    const known = (await this.#options.shipped()).get(hash) ?? this.#kept.get(hash);
    if (known !== undefined) return known;
    const found = await findPersistedOperation(this.#options.runtime.database, hash);
    if (found === null) return null;
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(hash, found);
    return found;
  }
}

/** The hash that an operation is named by; null when it is not. Throws for one that is no hash. */
function hashIn({ documentId, extensions }: NamedOperation): string | null {
  const persisted = (extensions as { persistedQuery?: { sha256Hash?: unknown } } | null | undefined)?.persistedQuery;
  const given = documentId ?? persisted?.sha256Hash ?? null;
  if (given === null && persisted == null) return null;
  const hash = typeof given === "string" ? HASH.exec(given)?.[1] : undefined;
  if (hash === undefined) throw badRequest("An operation is named by its SHA-256, as 64 hexadecimal digits.");
  return hash;
}

function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: "BAD_REQUEST", http: { status: 400 } } });
}

function unknownHash(only: boolean): GraphQLError {
  const advice = only ? "Make it known with persistOperations (npm run persist)." : "Send its text.";
  return new GraphQLError(`No operation with this hash is known here. ${advice}`, {
    extensions: { code: "PERSISTED_QUERY_NOT_FOUND", http: { status: 400 } },
  });
}

function onlyKnown(): GraphQLError {
  return new GraphQLError(
    "Only operations that are known here are run. Make it known with persistOperations (npm run persist).",
    { extensions: { code: "PERSISTED_QUERY_ONLY", http: { status: 400 } } },
  );
}
