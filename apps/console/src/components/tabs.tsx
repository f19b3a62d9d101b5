"use client";
import Link from "next/link";
import { type ReactNode, useEffect, useRef } from "react";

export interface Tab {
  readonly name: string;
  readonly href: string;
  /** Beside the name: how many there are. */
  readonly count?: ReactNode;
  readonly current: boolean;
}

/** The parts of a page, of which one is shown. Each has an address; the browser's way back leads to the one before. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  const list = useRef<HTMLElement>(null);
  const shown = tabs.find(({ current }) => current)?.name;
  // On a narrow window there are more than fit.
  useEffect(() => {
    const current = list.current?.querySelector("[aria-current]");
    current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [shown]);
  return (
    <nav ref={list} aria-label={label} className="flex gap-5 overflow-x-auto border-b border-line">
      {tabs.map(({ name, href, count, current }) => (
        <Link
          key={name}
          href={href}
          prefetch={false}
          scroll={false}
          aria-current={current ? "page" : undefined}
          onNavigate={(event) => {
            // The page is the same, only what it shows is another: there is nothing to ask the console for.
            event.preventDefault();
            window.history.pushState(null, "", href);
          }}
          className="-mb-px inline-flex gap-1.5 border-b-2 border-transparent pt-1 pb-2 whitespace-nowrap text-muted -outline-offset-2 hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-[550] aria-[current=page]:text-ink"
        >
          {name}
          {count !== undefined && <span className="font-normal text-faint tabular-nums">{count}</span>}
        </Link>
      ))}
    </nav>
  );
}
