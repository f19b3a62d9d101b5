"use client";
import Link from "next/link";
import { useEffect, useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { Button, buttonClass } from "#components/button.tsx";
import { numberText } from "#components/number-text.ts";
import { QueryState } from "#components/query-state.tsx";
import { Ago, Elapsed } from "#components/time.tsx";
import { countText, PARKING_WORDS } from "#features/queues/depth-words.ts";
import { MAY_NOT } from "#features/queues/may-manage.ts";
import { type QueueAction, QueueDialogs } from "#features/queues/queue-dialogs.tsx";
import { FactsFragment } from "#features/queues/queue-facts.ts";
import { standingOf } from "#features/queues/queue-standing.ts";
import { STANDING_LOOKS } from "#features/queues/standing-looks.tsx";
import { useQueue } from "#features/queues/use-queue.ts";
import { Blockers, BlockersFragment } from "#lifecycles/blockers.tsx";
import { StateBadge } from "#lifecycles/state-badge.tsx";
import { useNow } from "#live/now.ts";
import { type ProjectRoute, routes } from "#routes.ts";

interface QueuePanelProps {
  readonly project: ProjectRoute;
  readonly name: string;
  readonly allowed: boolean;
  readonly onClose: () => void;
}

/** A queue beside the list: what it holds, and why those do not run that have waited longest. */
export function QueuePanel({ project, name, allowed, onClose }: QueuePanelProps) {
  const { data, error } = useQueue(project, name);
  const [asked, setAsked] = useState<QueueAction | null>(null);
  const now = useNow();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      if (event.target instanceof HTMLElement && event.target.closest("[role=dialog], [role=menu], input")) return;
      onClose();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [onClose]);
  const may = { disabled: !allowed, title: allowed ? undefined : MAY_NOT };
  return (
    <aside
      aria-label={`Queue ${name}`}
      className="overflow-y-auto border border-line bg-surface max-lg:fixed max-lg:inset-x-0 max-lg:bottom-0 max-lg:z-30 max-lg:max-h-[72dvh] max-lg:rounded-t-lg max-lg:shadow-float lg:sticky lg:top-4 lg:max-h-[calc(100dvh-88px)] lg:rounded-lg"
    >
      <div className="flex items-center justify-between gap-3 border-b border-line px-4 py-3">
        <h2 className="min-w-0 font-semibold wrap-anywhere">{name}</h2>
        <Button look="ghost" aria-label="Close" title="Close (Escape)" className="px-2!" onClick={onClose}>
          ×
        </Button>
      </div>
      <div className="grid gap-4 px-4 py-3">
        <QueryState data={data} error={error}>
          {({ project: found }) => {
            if (!found?.queue) {
              return <p className="text-muted">There is no such queue: no task has named it, and nobody has set it.</p>;
            }
            const queue = readFragment(FactsFragment, found.queue);
            const { paused, pausedAt, pausedBy, pauseReason, maxRunning, depth } = queue;
            return (
              <>
                <div>
                  <StateBadge look={STANDING_LOOKS[standingOf(queue, now)]} />
                  {paused && (
                    <p className="mt-0.5 wrap-anywhere text-muted">
                      by {pausedBy?.name} {pausedAt !== null && <Ago at={pausedAt} />}
                      {pauseReason !== null && <>: “{pauseReason}”</>}
                    </p>
                  )}
                </div>
                <div className="flex flex-wrap gap-2">
                  <Button {...may} onClick={() => setAsked(paused ? "resume" : "pause")}>
                    {paused ? "Resume" : "Pause"}
                  </Button>
                  <Button {...may} onClick={() => setAsked("limit")}>
                    Limit
                  </Button>
                  <Link href={routes.tasks(project, { queue: name })} prefetch={false} className={buttonClass()}>
                    All its tasks
                  </Link>
                </div>
                <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 tabular-nums [&>dt]:text-faint">
                  <dt>In line</dt>
                  <dd>
                    <Link
                      href={routes.tasks(project, { queue: name, state: ["QUEUED"] })}
                      prefetch={false}
                      className="text-accent underline underline-offset-2"
                    >
                      {countText(depth.ready)}
                    </Link>
                    {depth.oldestReadyAt !== null && (
                      <>
                        , the oldest for <Elapsed since={depth.oldestReadyAt} />
                      </>
                    )}
                  </dd>
                  <dt>Running</dt>
                  <dd>
                    <Link
                      href={routes.tasks(project, { queue: name, state: ["ASSIGNED", "RUNNING", "CANCELLING"] })}
                      prefetch={false}
                      className="text-accent underline underline-offset-2"
                    >
                      {countText(depth.running)}
                    </Link>
                    {maxRunning === null ? " of any number" : ` of at most ${numberText(maxRunning)}`}
                  </dd>
                  <dt>Out of line</dt>
                  <dd>
                    {depth.parked.every(({ count }) => count === 0) && "none"}
                    {depth.parked
                      .filter(({ count }) => count > 0)
                      .map((one) => (
                        <div key={one.reason}>
                          {countText(one)} {PARKING_WORDS[one.reason]}
                        </div>
                      ))}
                  </dd>
                </dl>
                {found.waiting.edges.length > 0 && (
                  <section aria-labelledby="oldest">
                    <h3 id="oldest" className="text-sm font-medium text-faint">
                      The oldest that wait, and why
                    </h3>
                    <ul className="mt-1 divide-y divide-line">
                      {found.waiting.edges.map(({ node }, index, all) => (
                        <li key={node.id} className="py-2">
                          <Link
                            href={routes.task(project, node.id)}
                            prefetch={false}
                            className="block truncate font-[550] hover:text-accent hover:underline"
                          >
                            {node.title}
                          </Link>
                          <div className="text-sm text-muted">
                            {index > 0 && sameReason(all[index - 1]!.node, node) ? (
                              "for the same reason"
                            ) : (
                              <Blockers project={project} task={node} within={name} />
                            )}
                          </div>
                        </li>
                      ))}
                    </ul>
                  </section>
                )}
                <QueueDialogs projectId={found.id} queue={found.queue} asked={asked} onClose={() => setAsked(null)} />
              </>
            );
          }}
        </QueryState>
      </div>
    </aside>
  );
}

type Blocked = FragmentType<typeof BlockersFragment>;

/** Whether two tasks wait for exactly the same: told once, it is read sooner. */
function sameReason(one: Blocked, other: Blocked): boolean {
  const [first, second] = [one, other].map((task) =>
    readFragment(BlockersFragment, task)
      .blockedBy.map(({ message }) => message)
      .join(" "),
  );
  return first === second && first !== "";
}
