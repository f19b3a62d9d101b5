"use client";
import dynamic from "next/dynamic";
import type { SavedViewScreen } from "#api/generated/graphql.ts";
import { buttonClass } from "#components/button.tsx";

/** Not among what a page needs at first. Until it has come, its place is kept. */
const SavedViewsMenu = dynamic(() => import("#views/saved-views-menu.tsx"), {
  ssr: false,
  loading: () => (
    <button type="button" disabled className={`${buttonClass("ghost")} max-w-56 min-w-0`}>
      <span className="truncate">Saved views</span>
      <span aria-hidden>⌄</span>
    </button>
  ),
});

export interface SavedViewsProps {
  /** `id`: prj_…; `mayManage`: whether the reader has the permission view.manage. */
  readonly project: { readonly id: string; readonly mayManage: boolean };
  readonly screen: SavedViewScreen;
  /** The query of the address now, without the question mark and without what belongs to no view. */
  readonly query: string;
  /** The screen's address with a query; with "", the screen as it begins. */
  readonly hrefOf: (query: string) => string;
}

/** What a screen shows, under names that everybody in the project has: apply one, keep this one, change and remove them. */
export function SavedViews(props: SavedViewsProps) {
  return <SavedViewsMenu {...props} />;
}
