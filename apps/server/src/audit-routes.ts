import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Caller } from "@muster/domain/actor.ts";
import { Forbidden, InvalidInput, MusterError, NotFound } from "@muster/domain/errors.ts";
import { auditFilterOf } from "@muster/graphql/audit/audit-filter.ts";
import { uuidOf } from "@muster/graphql/ids.ts";
import { auditedChains } from "@muster/identity/audit/checkpoint-queries.ts";
import { exportEntries } from "@muster/identity/audit/export-entries.ts";
import { chainLines, checkpointLines } from "@muster/identity/audit/export-lines.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { sendError } from "./answers.ts";
import { CSV_HEAD, csvLine } from "./audit-csv.ts";

/** What a request below /audit asks for: lines of text. */
interface Export {
  readonly type: string;
  readonly name: string;
  readonly lines: AsyncGenerator<string>;
}

type Ask = (caller: Caller, query: URLSearchParams) => Export;

const NDJSON = "application/x-ndjson; charset=utf-8";
const CSV = "text/csv; charset=utf-8; header=present";
const LISTS = ["types", "projects", "subjects", "actors", "actorKinds", "credentials", "addresses"] as const;
const FILTER = [...LISTS, "after", "before", "search"];

/** Answers GET below /audit: the log as NDJSON or CSV, the chains with their hashes, and the signed checkpoints, of any length. */
export function createAuditRoutes(runtime: Runtime) {
  const { database } = runtime;
  const routes: Readonly<Record<string, Ask>> = {
    "/audit/export"(caller, query) {
      expect(query, ["workspace", "format", ...FILTER]);
      const format = query.get("format") ?? "ndjson";
      if (format !== "ndjson" && format !== "csv") throw invalid("format", "is ndjson or csv.");
      const pages = exportEntries(runtime, caller, { workspaceId: workspaceOf(query), filter: filterOf(query) });
      const lines = linesOf(pages, format);
      return { type: format === "csv" ? CSV : NDJSON, name: `audit.${format}`, lines };
    },
    "/audit/chain"(caller, query) {
      expect(query, ["workspace"]);
      const chains = auditedChains(caller, workspaceOf(query));
      return { type: NDJSON, name: "audit-chain.ndjson", lines: chainLines(database, chains) };
    },
    "/audit/checkpoints"(caller, query) {
      expect(query, ["workspace"]);
      const chains = auditedChains(caller, workspaceOf(query));
      return { type: NDJSON, name: "audit-checkpoints.ndjson", lines: checkpointLines(database, chains) };
    },
  };

  /** `gone` ends what is under way: the client has gone, or its credential has ended. */
  return async (
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
    gone: AbortSignal,
  ): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const ask = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined;
    if (!ask)
      return sendError(
        response,
        404,
        "NOT_FOUND",
        `There is nothing here: /audit has ${Object.keys(routes).join(", ")}.`,
      );
    if (request.method !== "GET") {
      response.setHeader("allow", "GET");
      return sendError(response, 405, "METHOD_NOT_ALLOWED", `${pathname} takes GET requests only.`);
    }
    try {
      const { type, name, lines } = ask(caller, searchParams);
      // Whether it may be is known with the first lines.
      const first = await lines.next();
      response.writeHead(200, { "content-type": type, "content-disposition": `attachment; filename="${name}"` });
      if (!first.done) response.write(first.value);
      await pipeline(Readable.from(lines), response, { signal: gone });
    } catch (error) {
      if (gone.aborted) return void response.destroy();
      if (!(error instanceof MusterError) || response.headersSent) throw error;
      sendError(response, statusOf(error), error.code, error.message);
    }
  };
}

async function* linesOf(pages: ReturnType<typeof exportEntries>, format: "ndjson" | "csv"): AsyncGenerator<string> {
  let head = format === "csv" ? CSV_HEAD : "";
  for await (const entries of pages) {
    yield head + entries.map(format === "csv" ? csvLine : (entry) => `${JSON.stringify(entry)}\n`).join("");
    head = "";
  }
}

function workspaceOf(query: URLSearchParams): string | null {
  const id = query.get("workspace");
  return id === null ? null : uuidOf("workspace", id);
}

function filterOf(query: URLSearchParams): ReturnType<typeof auditFilterOf> {
  const lists = LISTS.flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [[name, value.split(",").filter((part) => part !== "")] as const];
  });
  // As GraphQL gives them; what cannot be is refused with the rest.
  return auditFilterOf({
    ...Object.fromEntries(lists),
    after: momentOf(query, "after"),
    before: momentOf(query, "before"),
    search: query.get("search"),
  });
}

function momentOf(query: URLSearchParams, name: string): Date | null {
  const text = query.get(name);
  if (text === null) return null;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw invalid(name, "is no time, as in 2026-01-31T12:00:00Z.");
  return time;
}

function expect(query: URLSearchParams, names: readonly string[]): void {
  for (const name of query.keys())
    if (!names.includes(name)) throw invalid(name, `is not known here. There are ${names.join(", ")}.`);
}

function invalid(name: string, message: string): InvalidInput {
  return new InvalidInput([{ path: [name], message }]);
}

function statusOf(error: MusterError): number {
  if (error instanceof Forbidden) return 403;
  return error instanceof NotFound ? 404 : 400;
}
