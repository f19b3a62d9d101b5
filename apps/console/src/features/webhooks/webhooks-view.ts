import type { WebhookDeliveryState } from "#api/generated/graphql.ts";
import type { WebhooksView, WebhookView } from "#routes.ts";

/** The page of the list that an address names. */
export function webhooksView(address: Pick<URLSearchParams, "get">): WebhooksView {
  const before = address.get("before") ?? undefined;
  return { after: before === undefined ? (address.get("after") ?? undefined) : undefined, before };
}

/** How the log is narrowed: what the address calls it, what the reader does, and which deliveries it keeps. */
export const LOG_FILTERS = {
  all: { word: "All", states: undefined },
  pending: { word: "Pending", states: ["PENDING"] },
  succeeded: { word: "Succeeded", states: ["SUCCEEDED"] },
  failed: { word: "Failed tests", states: ["FAILED"] },
  skipped: { word: "Skipped", states: ["SKIPPED"] },
} as const satisfies Record<string, { word: string; states: readonly WebhookDeliveryState[] | undefined }>;
export type LogFilter = keyof typeof LOG_FILTERS;

export interface LogView extends WebhookView {
  readonly filter: LogFilter;
}

/** Reads the address of a webhook's page; what it says that cannot be is left out. */
export function logView(address: Pick<URLSearchParams, "get">): LogView {
  const state = address.get("state") ?? "";
  return {
    filter: Object.hasOwn(LOG_FILTERS, state) ? (state as LogFilter) : "all",
    delivery: address.get("delivery") ?? undefined,
    ...webhooksView(address),
  };
}

/** The part of it that stands in an address. */
export function addressOf({ filter, ...rest }: LogView): WebhookView {
  return { state: filter === "all" ? undefined : filter, ...rest };
}
