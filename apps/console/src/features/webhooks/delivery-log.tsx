"use client";
import type { FragmentType } from "#api/generated/fragment-masking.ts";
import { type PageEnds, pagesBeside } from "#api/page-view.ts";
import { Card } from "#components/card.tsx";
import { ListHead } from "#components/list-head.tsx";
import { Empty } from "#components/notice.tsx";
import { Pager } from "#components/pager.tsx";
import { DeliveryRow, type DeliveryRowFragment } from "#features/webhooks/delivery-row.tsx";
import type { Sending } from "#features/webhooks/sending.ts";
import { LOG_FILTERS, type LogFilter, type LogView } from "#features/webhooks/webhooks-view.ts";

/** Each with what a narrow window does with it. */
const COLUMNS = [
  ["State", ""],
  ["Event", ""],
  ["Answer", ""],
  ["Attempts", "hidden text-right sm:table-cell"],
  ["Next", "hidden sm:table-cell"],
  ["Queued", "hidden text-right sm:table-cell"],
] as const;

export interface DeliveryPage {
  readonly edges: readonly { readonly node: { readonly id: string } & FragmentType<typeof DeliveryRowFragment> }[];
  readonly pageInfo: PageEnds;
}

interface DeliveryLogProps {
  readonly page: DeliveryPage;
  readonly view: LogView;
  readonly hrefOf: (view: LogView) => string;
  readonly sending: Sending;
  /** Another page is on its way. */
  readonly busy: boolean;
}

/** What was sent, what waits, and what was answered, the newest first. */
export function DeliveryLog({ page: { edges, pageInfo }, view, hrefOf, sending, busy }: DeliveryLogProps) {
  const first = { ...view, after: undefined, before: undefined };
  return (
    <section aria-labelledby="deliveries" className="grid min-w-0 grid-cols-1 gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="deliveries" className="font-semibold">
          Deliveries
        </h2>
        <div role="group" aria-label="Show only deliveries in this state" className="flex flex-wrap gap-1.5">
          {Object.entries(LOG_FILTERS).map(([name, { word }]) => (
            <button
              key={name}
              type="button"
              aria-pressed={view.filter === name}
              onClick={() => window.history.replaceState(null, "", hrefOf({ ...first, filter: name as LogFilter }))}
              className="rounded-full border border-line bg-surface px-2.5 py-0.5 text-muted hover:border-line-strong aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-ink"
            >
              {word}
            </button>
          ))}
        </div>
      </div>
      <Card className="overflow-x-auto" aria-busy={busy}>
        {edges.length === 0 ? (
          <NoDelivery narrowed={view.filter !== "all"} />
        ) : (
          <table className="w-full text-left">
            <ListHead columns={COLUMNS} />
            <tbody>
              {edges.map(({ node }) => {
                const href = hrefOf({ ...view, delivery: node.id });
                return (
                  <DeliveryRow
                    key={node.id}
                    delivery={node}
                    href={href}
                    onOpen={() => window.history.pushState(null, "", href)}
                    sending={sending}
                  />
                );
              })}
            </tbody>
          </table>
        )}
      </Card>
      <div className="flex items-center justify-between gap-4 text-sm text-faint">
        <span>Ended deliveries are kept for 7 days, and no more than 10,000 of them.</span>
        <Pager {...pagesBeside(pageInfo, (page) => hrefOf({ ...first, ...page }))} />
      </div>
    </section>
  );
}

function NoDelivery({ narrowed }: { readonly narrowed: boolean }) {
  if (narrowed) return <Empty title="No delivery is like that">Look at all of them instead.</Empty>;
  return (
    <Empty title="Nothing was sent yet">
      The next event that it wants stands here within a second or two. Send a test to see now whether its address
      answers.
    </Empty>
  );
}
