import { createClient } from "@muster/client/client.ts";
import { document } from "@muster/client/document.ts";
import { type ClientEvent, subscriptionTo } from "./frame.ts";
import type { ClientPlan } from "./recorded-client.ts";
import type { RecordedHistory } from "./recorded-history.ts";

type Data = Record<string, { readonly event: ClientEvent }>;

/** Follows a field as programs do, with the client library, on one server through all its deaths, until it has everything. */
export async function runFollowClient(history: RecordedHistory, plan: ClientPlan): Promise<void> {
  const client = createClient({ url: plan.url(), credentials: () => plan.key });
  const done = new AbortController();
  const endConnection = () => {
    for (const { guarantee, what } of history.endConnection(plan.mostSilentMs)) plan.violated(guarantee, what);
  };
  try {
    await client.follow<Data, { project: string; after: string | null }>({
      document: document(subscriptionTo(history.field)),
      variables: { project: plan.project },
      after: history.cursor,
      backoff: { baseMs: 50, maxMs: 1_000 },
      onEvent: (event, cursor) => history.record({ __typename: "EventDelivery", cursor, event }),
      onBookmark(cursor, caughtUp) {
        history.record({ __typename: "Bookmark", cursor, caughtUp });
        if (plan.isDone(cursor)) done.abort();
      },
      onResync(cursor, reason) {
        history.record({ __typename: "ResyncRequired", cursor, reason });
        plan.violated("resumable", `${history.name} was told ${reason} for a cursor that it had got`);
      },
      onStatus: (status) => {
        if (status === "reconnecting" || status === "offline") endConnection();
      },
      signal: AbortSignal.any([done.signal, plan.signal]),
    });
  } finally {
    client.close();
    endConnection();
  }
}
