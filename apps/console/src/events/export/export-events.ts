import type { EventFilter } from "#api/generated/graphql.ts";
import { eventJson } from "#events/event-json.ts";
import type { EventSource, ListedEvent } from "#events/log/event-source.ts";

const PAGE = 200;
/** So many pages of text become a part of the file, which the browser need not keep in memory. */
const PAGES_OF_A_PART = 20;

export interface ExportProgress {
  readonly count: number;
  /** When the last one happened that was read; null before the first. */
  readonly at: string | null;
  /** From 0 to 1, by time. */
  readonly share: number;
}

interface ExportOptions {
  readonly source: EventSource;
  readonly filter: EventFilter;
  readonly keep: (event: ListedEvent) => boolean;
  readonly onProgress: (progress: ExportProgress) => void;
  readonly signal: AbortSignal;
}

/** All events that match until now, the oldest first, as a JSON list with a line for each. Read page by page. */
export async function exportEvents({ source, filter, keep, onProgress, signal }: ExportOptions): Promise<Blob> {
  // What happens while it is read is not part of it, or it might never end.
  const until = Date.parse(filter.before ?? new Date().toISOString());
  const bounded = { ...filter, before: new Date(until).toISOString() };
  const parts: Blob[] = [];
  let text: string[] = [];
  let [count, pages] = [0, 0];
  let began: number | null = null;
  let after: string | null = null;
  for (;;) {
    const read = await source.read({ first: PAGE, ...(after !== null && { after }) }, bounded, signal);
    signal.throwIfAborted();
    if (read === null) throw new Error("There is no such list any more.");
    const { edges, pageInfo } = read.page;
    for (const { node } of edges) {
      if (!keep(node)) continue;
      text.push(`${count === 0 ? "" : ",\n"}${JSON.stringify(eventJson(node))}`);
      count += 1;
    }
    pages += 1;
    if (pages % PAGES_OF_A_PART === 0) {
      parts.push(new Blob(text));
      text = [];
    }
    const at: string | null = edges.at(-1)?.node.at ?? null;
    began ??= edges[0] ? Date.parse(edges[0].node.at) : until;
    const share = at === null || until <= began ? 1 : Math.min(1, (Date.parse(at) - began) / (until - began));
    onProgress({ count, at, share: pageInfo.hasNextPage ? share : 1 });
    if (!pageInfo.hasNextPage || pageInfo.endCursor === null) break;
    after = pageInfo.endCursor;
  }
  return new Blob(["[\n", ...parts, ...text, "\n]\n"], { type: "application/json" });
}
