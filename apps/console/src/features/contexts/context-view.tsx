"use client";
import { useSearchParams } from "next/navigation";
import { type ComponentProps, createContext, type MouseEvent, type ReactNode, use, useMemo } from "react";
import { keptOf, viewIn } from "#features/contexts/version-view.ts";
import { type ContextView, type ProjectRoute, routes } from "#routes.ts";
import { searchNow } from "#search-now.ts";

interface View {
  readonly project: ProjectRoute;
  /** The context's id. */
  readonly context: string;
  readonly view: ContextView;
  /** Whether the reader has a permission. */
  readonly may: (permission: string) => boolean;
  readonly hrefOf: (view: ContextView) => string;
  /** Shows something else, so that the browser's way back leads here again. How comparisons read and what is listed stays. */
  readonly open: (view: ContextView) => void;
  /** Changes how something is shown, in place. */
  readonly adjust: (view: ContextView) => void;
}

const ViewContext = createContext<View | null>(null);

interface ContextViewProviderProps {
  readonly project: ProjectRoute;
  readonly context: string;
  readonly permissions: readonly string[];
  readonly children: ReactNode;
}

/** What this page shows of the context. It is in the address, and changes without asking the server for a page. */
export function ContextViewProvider({ project, context, permissions, children }: ContextViewProviderProps) {
  const { workspace, project: slug } = project;
  const search = useSearchParams();
  const value = useMemo((): View => {
    const route = { workspace, project: slug };
    const view = viewIn(search);
    const hrefOf = (shown: ContextView) => routes.context(route, context, { ...keptOf(view), ...shown });
    return {
      project: route,
      context,
      view,
      may: (permission) => permissions.includes(permission),
      hrefOf,
      open: (shown) => window.history.pushState(null, "", hrefOf(shown)),
      adjust: (changed) =>
        window.history.replaceState(null, "", routes.context(route, context, { ...viewIn(searchNow()), ...changed })),
    };
  }, [search, workspace, slug, context, permissions]);
  return <ViewContext value={value}>{children}</ViewContext>;
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
