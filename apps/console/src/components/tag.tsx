import type { ReactNode } from "react";

/** A short word about a thing: a capability, a label, "current". */
export function Tag({ children }: { readonly children: ReactNode }) {
  return (
    <span className="inline-block whitespace-nowrap rounded-sm bg-sunken px-1.5 font-mono text-xs leading-[18px] text-muted">
      {children}
    </span>
  );
}
