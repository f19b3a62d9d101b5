import Link from "next/link";
import type { ReactNode } from "react";

interface NoticeProps {
  readonly title: string;
  /** What it means and what to do next. */
  readonly children?: ReactNode;
}

/** There is nothing here, and that is fine: says why, and how something comes to be. */
export function Empty({ title, children }: NoticeProps) {
  return (
    <div className="px-6 py-12 text-center">
      <p className="font-[550]">{title}</p>
      {children !== undefined && <div className="mx-auto mt-1 max-w-md text-muted">{children}</div>}
    </div>
  );
}

/** Something did not work. Read out at once. */
export function Problem({ title, children }: NoticeProps) {
  return (
    <div role="alert" className="rounded-lg border border-danger/35 bg-danger-soft px-4 py-3">
      <p className="font-[550] text-danger">{title}</p>
      {children !== undefined && <div className="mt-0.5 text-muted">{children}</div>}
    </div>
  );
}

/** Something is on its way: bars where its lines will be. */
export function Loading({ lines = 6, label = "Loading" }: { readonly lines?: number; readonly label?: string }) {
  return (
    <div role="status" aria-label={label} className="grid gap-3 px-4 py-4">
      {Array.from({ length: lines }, (_, line) => (
        <div
          key={line}
          className="h-4 rounded-sm bg-sunken motion-safe:animate-pulse"
          style={{ width: `${88 - ((line * 17) % 40)}%` }}
        />
      ))}
    </div>
  );
}

interface NotFoundProps {
  /** "agent". */
  readonly what: string;
  readonly id: string;
  /** The project's path. */
  readonly project: string;
  /** Where to look for it instead. */
  readonly list: string;
}

/** An address that leads to nothing, or to something of another tenant: both look the same. */
export function NotFoundHere({ what, id, project, list }: NotFoundProps) {
  return (
    <>
      <h1 className="sr-only">There is no such {what}</h1>
      <Empty title={`There is no ${what} ${id} in ${project}`}>
        The address may be incomplete, or the {what} is not yours to see.{" "}
        <Link href={list} className="text-accent underline">
          Look for it in the list
        </Link>
      </Empty>
    </>
  );
}
