"use client";
import Link from "next/link";
import { buttonClass } from "#components/button.tsx";

interface PagerProps {
  /** Addresses of the pages beside this one; undefined where there is none. */
  readonly previous: string | undefined;
  readonly next: string | undefined;
}

/** The way to the pages beside this one; nothing when this is the only one. */
export function Pager({ previous, next }: PagerProps) {
  if (previous === undefined && next === undefined) return null;
  return (
    <nav aria-label="Pages" className="flex gap-2">
      <Step name="Previous" href={previous} />
      <Step name="Next" href={next} />
    </nav>
  );
}

function Step({ name, href }: { readonly name: string; readonly href: string | undefined }) {
  if (href !== undefined) {
    return (
      <Link
        href={href}
        prefetch={false}
        onNavigate={(event) => {
          // The page is the same, only its data are others: there is nothing to ask the console for.
          event.preventDefault();
          window.history.pushState(null, "", href);
          window.scrollTo({ top: 0 });
        }}
        className={buttonClass()}
      >
        {name}
      </Link>
    );
  }
  return (
    <span aria-disabled className={`${buttonClass()} opacity-50`}>
      {name}
    </span>
  );
}
