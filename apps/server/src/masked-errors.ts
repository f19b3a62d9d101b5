import { VersionTampered } from "@muster/domain/errors.ts";
import { presentError } from "@muster/graphql/present-error.ts";
import { GraphQLError } from "graphql";
import type { Logger } from "pino";
import { correlationId } from "./correlation.ts";

/** SQLSTATE classes and codes, and system errors, that say "not now" rather than "wrong". */
const AWAY =
  /^(08|53|57P|40001|40P01|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND)|Connection terminated|timeout exceeded when trying to connect|Cannot use a pool after calling end/;

function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  if (AWAY.test(code) || AWAY.test(error.message)) return true;
  return error instanceof AggregateError ? error.errors.some(isAway) : error.cause !== undefined && isAway(error.cause);
}

/**
 * What a client may see of an error: expected failures whole, a malformed request as GraphQL says it, and everything else
 * as one sentence with the correlation id under which the log has the rest.
 */
export function maskError(log: Logger) {
  return (error: unknown): Error => {
    const original = error instanceof GraphQLError ? error.originalError : error;
    // Its reader can expect it; whoever runs Muster has to know.
    if (original instanceof VersionTampered) log.error({ err: original }, "a version was changed in the database");
    const expected = presentError(error);
    if (expected) return expected;
    if (error instanceof GraphQLError && (!original || original instanceof GraphQLError)) {
      const extensions = { code: "BAD_REQUEST", ...error.extensions };
      return new GraphQLError(error.message, { nodes: error.nodes ?? null, path: error.path ?? null, extensions });
    }
    const id = correlationId() ?? "none";
    const away = isAway(original);
    log[away ? "warn" : "error"]({ err: original }, away ? "the database is away" : "unexpected error");
    const path = error instanceof GraphQLError ? (error.path ?? null) : null;
    return away
      ? new GraphQLError("Muster cannot reach its database right now. Try again in a few seconds.", {
          path,
          extensions: { code: "UNAVAILABLE", correlationId: id },
        })
      : new GraphQLError(`Something went wrong on our side. The log has the details under ${id}.`, {
          path,
          extensions: { code: "INTERNAL", correlationId: id },
        });
  };
}

/** As `maskError`, for transports other than plain HTTP: without what is meant for an HTTP response. */
export function refusalOf(log: Logger): (error: unknown) => GraphQLError {
  const mask = maskError(log);
  return (error) => {
    const masked = mask(error) as GraphQLError;
    const { http: _http, ...extensions } = masked.extensions;
    return new GraphQLError(masked.message, { nodes: masked.nodes ?? null, path: masked.path ?? null, extensions });
  };
}
