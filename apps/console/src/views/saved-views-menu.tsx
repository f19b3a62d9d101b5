"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { readFragment } from "#api/generated/fragment-masking.ts";
import type { SavedViewFragment as SavedView } from "#api/generated/graphql.ts";
import { buttonClass } from "#components/button.tsx";
import { Menu } from "#components/menu.tsx";
import { SavedViewFragment, useSavedViewChanges } from "#views/saved-view-changes.ts";
import { sameQuery } from "#views/same-query.ts";
import type { SavedViewsProps } from "#views/saved-views.tsx";
import { useSavedViews } from "#views/use-saved-views.ts";
import { ViewItems } from "#views/view-items.tsx";

const NameDialog = dynamic(() => import("#views/name-dialog.tsx"), { ssr: false });

/** What opens and what it does, loaded by saved-views.tsx. */
export default function SavedViewsMenu({ project, screen, query, hrefOf }: SavedViewsProps) {
  const { views: masked } = useSavedViews(project.id, screen);
  const views = masked?.map((view) => readFragment(SavedViewFragment, view));
  const applied = views?.find((view) => sameQuery(view.query, query));
  /** Which one was applied last: what can be overwritten when the screen shows something else by now. */
  const [last, setLast] = useState<string>();
  if (applied && applied.id !== last) setLast(applied.id);
  const changed = applied || query === "" ? undefined : views?.find(({ id }) => id === last);
  const changes = useSavedViewChanges(project.id, screen);
  const [asked, setAsked] = useState<{ readonly view: SavedView | null; readonly open: boolean }>();

  return (
    <>
      <Menu
        trigger={
          <button type="button" className={`${buttonClass("ghost")} max-w-56 min-w-0`}>
            <span className="truncate">
              {applied ? applied.name : changed ? `${changed.name}, changed` : "Saved views"}
            </span>
            <span aria-hidden>⌄</span>
          </button>
        }
      >
        <ViewItems
          views={views}
          applied={applied}
          changed={changed}
          mayManage={project.mayManage}
          onApply={(view) => window.history.pushState(null, "", hrefOf(view?.query ?? ""))}
          onSave={query === "" || applied ? null : () => setAsked({ view: null, open: true })}
          onRename={(view) => setAsked({ view, open: true })}
          onOverwrite={(view) => void changes.overwrite(view, query)}
          onDelete={(view) => void changes.remove(view)}
        />
      </Menu>
      {asked && (
        <NameDialog
          title={asked.view ? `Rename ${asked.view.name}` : "Save this view"}
          description={
            asked.view
              ? "It is called so for everybody in the project."
              : "Filters, order and columns as they are now, for everybody in the project."
          }
          submit={asked.view ? "Rename" : "Save"}
          name={asked.view?.name ?? ""}
          open={asked.open}
          onClose={() => setAsked({ ...asked, open: false })}
          act={(name) => (asked.view ? changes.rename(asked.view, name) : changes.save(name, query))}
        />
      )}
    </>
  );
}
