"use client";
import { useSearchParams } from "next/navigation";
import { createContext, type ReactNode, use, useMemo, useState } from "react";
import { EVENT_KINDS, type EventKind, kindsIn, kindsText } from "#features/agent/event-kinds.ts";
import { type AgentView, type ProjectRoute, routes } from "#routes.ts";

export const RANGES = { "15m": 15, "1h": 60, "6h": 360, "24h": 1_440 } as const;
export type Range = keyof typeof RANGES;

const DEFAULT_RANGE: Range = "15m";

interface Sought {
  readonly event: string;
  /** Whether it is worth loading older pages for it. */
  readonly far: boolean;
}

interface View {
  readonly agent: string;
  readonly project: ProjectRoute;
  readonly range: Range;
  readonly kinds: readonly EventKind[];
  readonly details: boolean;
  /** The id of the event that is opened. */
  readonly event: string | null;
  /** The address of this page with one event opened, or none. */
  readonly hrefOf: (event: string | null) => string;
  /** Opens an event, so that the browser's way back closes it; null closes. */
  readonly open: (event: string | null) => void;
  /** Opens an event and brings it into sight in the list, also when some pages have to be loaded for it. */
  readonly seek: (event: string) => void;
  /** The event to bring into sight. */
  readonly sought: Sought | null;
  readonly change: (view: { range?: Range; kinds?: readonly EventKind[]; details?: boolean }) => void;
}

const ViewContext = createContext<View | null>(null);

/** What this page shows of the agent. It is in the address, and changes without asking the server for a page. */
export function AgentViewProvider({
  project: { workspace, project },
  agent,
  children,
}: {
  readonly project: ProjectRoute;
  readonly agent: string;
  readonly children: ReactNode;
}) {
  const search = useSearchParams();
  const [sought, setSought] = useState<Sought | null>(() => {
    const event = search.get("event");
    return event === null ? null : { event, far: false };
  });
  const view = useMemo((): View => {
    const route = { workspace, project };
    const given: AgentView = {
      range: search.get("range") ?? undefined,
      show: search.get("show") ?? undefined,
      details: search.get("details") ?? undefined,
      event: search.get("event") ?? undefined,
    };
    const range = given.range !== undefined && given.range in RANGES ? (given.range as Range) : DEFAULT_RANGE;
    const open = (event: string | null) => window.history.pushState(null, "", hrefOf(event));
    const hrefOf = (event: string | null) => routes.agent(route, agent, { ...given, event: event ?? undefined });
    return {
      agent,
      project: route,
      range,
      kinds: kindsIn(given.show),
      details: given.details !== undefined,
      event: given.event ?? null,
      hrefOf,
      open,
      seek: (event) => {
        open(event);
        setSought({ event, far: true });
      },
      sought,
      change: (changed) =>
        window.history.replaceState(
          null,
          "",
          routes.agent(route, agent, {
            ...given,
            ...(changed.range && { range: changed.range === DEFAULT_RANGE ? undefined : changed.range }),
            ...(changed.kinds && {
              show: changed.kinds.length === EVENT_KINDS.length ? undefined : kindsText(changed.kinds),
            }),
            ...(changed.details !== undefined && { details: changed.details ? "shown" : undefined }),
          }),
        ),
    };
  }, [search, workspace, project, agent, sought]);
  return <ViewContext value={view}>{children}</ViewContext>;
}

export function useAgentView(): View {
  const view = use(ViewContext);
  if (!view) throw new Error("useAgentView needs an AgentViewProvider above it.");
  return view;
}
