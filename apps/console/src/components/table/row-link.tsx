"use client";
import Link from "next/link";

interface RowLinkProps {
  readonly href: string;
  /** Its text; in full in its tooltip. */
  readonly children: string;
}

/** The link that a row is about: the keys j and k go to it, and Enter follows it. */
export function RowLink({ href, children }: RowLinkProps) {
  return (
    <Link
      href={href}
      data-row-link
      prefetch={false}
      className="block truncate rounded-sm font-[550] hover:underline"
      title={children}
    >
      {children}
    </Link>
  );
}
