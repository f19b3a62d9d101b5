import type { Execute } from "./execute.ts";
import { errorCode } from "./errors.ts";
import type { Persisted } from "./operation-payload.ts";
import type { Transport } from "./transport.ts";

/** The documents of a client that its server knows by their hashes, until a server does not: then all are sent as text. */
export interface PersistedDocuments {
  readonly hashOf: Persisted;
  /** Sends what a server did not know once more, as text. */
  execute(execute: Execute): Execute;
  /** Notices what a server did not know: whoever runs it again sends the text. */
  run(run: Transport["run"]): Transport["run"];
}

/** Another version of the server answers `PERSISTED_QUERY_NOT_FOUND`; nothing has run then. */
export function persistedDocuments(persisted: Persisted = () => null): PersistedDocuments {
  let stale = false;
  const isUnknown = (error: unknown) => {
    const unknown = errorCode(error) === "PERSISTED_QUERY_NOT_FOUND";
    stale ||= unknown;
    return unknown;
  };
  return {
    hashOf: (query) => (stale ? null : persisted(query)),
    execute: (execute) => (document, variables, options) =>
      execute(document, variables, options).catch((error: unknown) => {
        if (isUnknown(error)) return execute(document, variables, options);
        throw error;
      }),
    run: (run) => async (query, variables, next, signal) => {
      try {
        await run(query, variables, next, signal);
      } catch (error) {
        if (!isUnknown(error)) throw error;
        await run(query, variables, next, signal);
      }
    },
  };
}
