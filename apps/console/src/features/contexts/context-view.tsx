"use client";
import { useSearchParams } from "next/navigation";
import { type ComponentProps, createContext, type MouseEvent, type ReactNode, use, useMemo } from "react";
import { viewIn } from "#features/contexts/version-view.ts";
import { type ContextView, type ProjectRoute, routes } from "#routes.ts";

interface View {
  readonly project: ProjectRoute;
  /** The context's id. */
  readonly context: string;
  readonly view: ContextView;
  readonly hrefOf: (view: ContextView) => string;
  /** Shows something else, so that the browser's way back leads here again. */
  readonly open: (view: ContextView) => void;
}

const ViewContext = createContext<View | null>(null);

interface ContextViewProviderProps {
  readonly project: ProjectRoute;
  readonly context: string;
  readonly children: ReactNode;
}

/** What this page shows of the context. It is in the address, and changes without asking the server for a page. */
export function ContextViewProvider({ project: { workspace, project }, context, children }: ContextViewProviderProps) {
  const search = useSearchParams();
  const view = useMemo((): View => {
    const route = { workspace, project };
    const hrefOf = (shown: ContextView) => routes.context(route, context, shown);
    return {
      project: route,
      context,
      view: viewIn(search),
      hrefOf,
      open: (shown) => window.history.pushState(null, "", hrefOf(shown)),
    };
  }, [search, workspace, project, context]);
  return <ViewContext value={view}>{children}</ViewContext>;
}

export function useContextView(): View {
  const view = use(ViewContext);
  if (!view) throw new Error("useContextView needs a ContextViewProvider above it.");
  return view;
}

/** A link to another view of the same context. */
export function ViewLink({ to, ...props }: { readonly to: ContextView } & Omit<ComponentProps<"a">, "href">) {
  const { hrefOf, open } = useContextView();
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(to);
  };
  return <a href={hrefOf(to)} onClick={follow} {...props} />;
}
