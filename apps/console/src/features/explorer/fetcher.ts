import { type DocumentNode, getOperationAST } from "graphql";
import { type Client, createClient, type ExecutionResult } from "graphql-ws/client";
import type { GraphiQLProps } from "graphiql";
import { createNewestEvents } from "#features/explorer/newest-events.ts";

type Fetcher = GraphiQLProps["fetcher"];

interface EditorRequest {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Record<string, unknown>;
}

type Result = ExecutionResult | object;

/** What GraphiQL takes for a subscription. */
interface Results {
  subscribe(observer: { next: (result: Result) => void; error: (error: unknown) => void; complete: () => void }): {
    unsubscribe(): void;
  };
}

/** However fast results come, the editor writes the last one no more often than this. */
const SHOW_EVERY_MS = 100;

/** Runs what the editor sends: subscriptions over a WebSocket of its own, all else over HTTP. The cookie goes with both. */
export function createFetcher(origin: string): { readonly fetcher: Fetcher; close(): void } {
  const socket = createClient({
    url: `${origin.replace(/^http/, "ws")}/graphql`,
    // Whoever wrote the subscription sees that it has ended; one that went on by itself would have a gap.
    retryAttempts: 0,
  });
  const fetcher = (request: EditorRequest, options?: { documentAST?: DocumentNode }): Promise<Result> | Results => {
    const operation = options?.documentAST && getOperationAST(options.documentAST, request.operationName);
    return operation?.operation === "subscription" ? subscribe(socket, request) : send(origin, request);
  };
  return { fetcher: fetcher as Fetcher, close: () => void socket.dispose() };
}

async function send(origin: string, request: EditorRequest): Promise<Result> {
  const response = await fetch(`${origin}/graphql`, {
    method: "POST",
    headers: {
      accept: "application/graphql-response+json, application/json;q=0.9",
      "content-type": "application/json",
    },
    body: JSON.stringify(request),
  }).catch(() => null);
  if (response === null) throw new Error("Muster cannot be reached. Check that it is running, then run this again.");
  return (await response.json().catch(() => {
    throw new Error(`The server answered with status ${response.status} and no GraphQL result.`);
  })) as Result;
}

function subscribe(socket: Client, { query, operationName, variables }: EditorRequest): Results {
  return {
    subscribe(observer) {
      const seen = createNewestEvents();
      let latest: Result | undefined;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const show = () => {
        clearTimeout(timer);
        timer = undefined;
        if (latest !== undefined) observer.next(latest);
        latest = undefined;
      };
      const end = socket.subscribe(
        { query, operationName: operationName ?? null, variables: variables ?? null },
        {
          next(result) {
            latest = seen(result);
            timer ??= setTimeout(show, SHOW_EVERY_MS);
          },
          error(reason) {
            show();
            observer.error(Array.isArray(reason) ? { errors: reason } : lost(reason));
          },
          complete() {
            show();
            observer.complete();
          },
        },
      );
      return {
        unsubscribe() {
          clearTimeout(timer);
          end();
        },
      };
    },
  };
}

/** A close event, or what failed on the way. */
function lost(reason: unknown): Error {
  const { reason: said } = reason as { reason?: unknown };
  const why = typeof said === "string" && said !== "" ? ` (${said})` : "";
  return new Error(`The connection was lost${why}. Run the subscription again.`);
}
