"use client";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { Button } from "#components/button.tsx";
import { Menu, MenuItem } from "#components/menu.tsx";
import { numberText } from "#components/number-text.ts";
import { Ago, Elapsed } from "#components/time.tsx";
import { countText, parkedText } from "#features/queues/depth-words.ts";
import { MAY_NOT } from "#features/queues/may-manage.ts";
import { type QueueAction, QueueDialogs } from "#features/queues/queue-dialogs.tsx";
import { FactsFragment } from "#features/queues/queue-facts.ts";
import type { Standing } from "#features/queues/queue-standing.ts";
import { STANDING_LOOKS } from "#features/queues/standing-looks.tsx";
import { StateBadge } from "#lifecycles/state-badge.tsx";

interface QueueRowProps {
  readonly projectId: string;
  readonly queue: FragmentType<typeof FactsFragment>;
  readonly standing: Standing;
  readonly open: boolean;
  readonly onOpen: (name: string) => void;
  readonly allowed: boolean;
}

/** One queue: how it stands, what waits in it and since when, what runs, and what may be done. */
export function QueueRow({ projectId, queue: masked, standing, open, onOpen, allowed }: QueueRowProps) {
  const queue = readFragment(FactsFragment, masked);
  const { name, paused, pausedAt, pausedBy, pauseReason, maxRunning, depth } = queue;
  const [asked, setAsked] = useState<QueueAction | null>(null);
  const parked = parkedText(depth.parked);
  const late = standing === "LATE" || standing === "HELD_UP";
  return (
    <tr className={`border-t border-line ${open ? "bg-accent-soft" : "hover:bg-sunken/50"}`}>
      <td className="max-w-0 min-w-28 px-4 py-2.5 sm:w-[24%]">
        <button
          type="button"
          data-row-link
          aria-pressed={open}
          onClick={() => onOpen(name)}
          className="block max-w-full truncate font-[550] hover:text-accent hover:underline"
        >
          {name}
        </button>
      </td>
      <td className="max-w-0 min-w-28 px-4 py-2.5 max-sm:px-2 sm:w-[26%]">
        <StateBadge look={STANDING_LOOKS[standing]} />
        {paused && (
          <div title={pauseReason ?? undefined} className="truncate text-sm text-faint">
            {pausedBy?.name} {pausedAt !== null && <Ago at={pausedAt} />}
            {pauseReason !== null && `: ${pauseReason}`}
          </div>
        )}
      </td>
      <td className="px-4 py-2.5 whitespace-nowrap max-sm:px-2">
        <span className={`tabular-nums ${depth.ready.count === 0 ? "text-faint" : "font-[550]"}`}>
          {countText(depth.ready)} <span className="font-normal text-faint">in line</span>
        </span>
        {depth.oldestReadyAt !== null && (
          <div className={`text-sm ${late ? "text-warning" : "text-faint"}`}>
            for <Elapsed since={depth.oldestReadyAt} />
          </div>
        )}
      </td>
      <td className="hidden max-w-0 px-4 py-2.5 text-muted lg:table-cell lg:w-[26%]">
        <div title={parked ?? undefined} className="line-clamp-2">
          {parked ?? <span className="text-faint">none</span>}
        </div>
      </td>
      <td className="hidden px-4 py-2.5 whitespace-nowrap tabular-nums sm:table-cell">
        {countText(depth.running)}
        {maxRunning !== null && <span className="text-faint"> of {numberText(maxRunning)}</span>}
      </td>
      <td className="w-12 py-1.5 pr-3 text-right">
        {allowed ? (
          <Menu
            trigger={
              <Button look="ghost" aria-label={`Actions of ${name}`}>
                ⋯
              </Button>
            }
          >
            <MenuItem onSelect={() => setAsked(paused ? "resume" : "pause")}>{paused ? "Resume…" : "Pause…"}</MenuItem>
            <MenuItem onSelect={() => setAsked("limit")}>Limit…</MenuItem>
          </Menu>
        ) : (
          <Button look="ghost" disabled title={MAY_NOT} aria-label={`Actions of ${name}`}>
            ⋯
          </Button>
        )}
        <QueueDialogs projectId={projectId} queue={masked} asked={asked} onClose={() => setAsked(null)} />
      </td>
    </tr>
  );
}
