"use client";
import { type ComponentProps, useRef } from "react";
import { readFragment } from "#api/generated/fragment-masking.ts";
import { ListHead } from "#components/list-head.tsx";
import { useLinkKeys } from "#components/use-link-keys.ts";
import { FactsFragment } from "#features/queues/queue-facts.ts";
import { QueueRow } from "#features/queues/queue-row.tsx";
import { byStanding, standingOf } from "#features/queues/queue-standing.ts";
import { useNow } from "#live/now.ts";

interface QueueListProps {
  readonly projectId: string;
  readonly queues: readonly ComponentProps<typeof QueueRow>["queue"][];
  readonly open: string | undefined;
  readonly onOpen: (name: string) => void;
  readonly allowed: boolean;
}

/** Each with what narrow windows do with it. */
const COLUMNS = [
  ["Queue", ""],
  ["Standing", ""],
  ["Waiting", ""],
  ["Out of line", "hidden lg:table-cell"],
  ["Running", "hidden sm:table-cell"],
] as const;

/** A page of queues, those in trouble first. */
export function QueueList({ projectId, queues: masked, open, onOpen, allowed }: QueueListProps) {
  const now = useNow();
  const list = useRef<HTMLTableElement>(null);
  useLinkKeys(list);
  const queues = byStanding(
    masked.map((queue) => ({ masked: queue, ...readFragment(FactsFragment, queue) })),
    now,
  );
  return (
    <table ref={list} className="w-full text-left">
      <ListHead columns={COLUMNS} actions="Actions" tight />
      <tbody>
        {queues.map((queue) => (
          <QueueRow
            key={queue.id}
            projectId={projectId}
            queue={queue.masked}
            standing={standingOf(queue, now)}
            open={queue.name === open}
            onOpen={onOpen}
            allowed={allowed}
          />
        ))}
      </tbody>
    </table>
  );
}
