import Link from "next/link";
import type { ReactNode } from "react";
import { buttonClass } from "#components/button.tsx";

/** The way to where something can be done about it. `what`: of what, for those who hear the link alone. */
export function Way({
  href,
  what,
  children,
}: {
  readonly href: string;
  readonly what: string;
  readonly children: ReactNode;
}) {
  return (
    <Link href={href} prefetch={false} className={buttonClass()}>
      {children} <span className="sr-only">{what}</span>
    </Link>
  );
}
