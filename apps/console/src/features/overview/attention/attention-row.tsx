import type { ReactNode } from "react";
import { Ago } from "#components/time.tsx";
import type { StateLook } from "#lifecycles/agent-states.tsx";
import { StateIcon } from "#lifecycles/state-badge.tsx";

interface AttentionRowProps {
  readonly look: StateLook;
  readonly title: ReactNode;
  /** Why, and what it means. */
  readonly children?: ReactNode;
  readonly since?: string | null;
  /** The next step. */
  readonly action: ReactNode;
}

/** Something that needs somebody: what, why, since when, and what to do next. */
export function AttentionRow({ look, title, children, since, action }: AttentionRowProps) {
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-1.5 border-t border-line px-4 py-2.5 first:border-t-0 sm:flex-nowrap">
      <span className="mt-1 shrink-0">
        <StateIcon look={look} />
      </span>
      <div className="min-w-0 grow basis-64">
        <p className="font-[550] wrap-anywhere">{title}</p>
        {children !== undefined && <div className="text-muted wrap-anywhere">{children}</div>}
      </div>
      <div className="flex shrink-0 items-center gap-3 max-sm:w-full max-sm:justify-between max-sm:pl-7">
        {since && (
          <span className="whitespace-nowrap text-faint">
            <Ago at={since} />
          </span>
        )}
        {action}
      </div>
    </li>
  );
}
