"use client";
import type { ReactNode } from "react";
import { Empty } from "#components/notice.tsx";
import { isAscending, isNarrowed, lookOf, UNNARROWED } from "#events/filter/events-view.ts";
import type { EventsViewControl } from "#events/filter/use-events-view.ts";
import { EventList } from "#events/list/event-list.tsx";
import { NewEvents } from "#events/list/new-events.tsx";
import type { ListOfEvents } from "#events/list/use-list-of-events.ts";
import { EventPanel } from "#events/panel/event-panel.tsx";
import type { ProjectRoute } from "#routes.ts";

interface EventsBesidePanelProps {
  readonly project: ProjectRoute;
  readonly control: EventsViewControl;
  readonly list: ListOfEvents;
  readonly toolbar: ReactNode;
  /** Says which agent each event happened to. */
  readonly whose: boolean;
  readonly emptyTitle: string;
  readonly emptyText: string;
}

/** With fewer than these it is said what will come. */
const FEW = 5;

/** A list of events below its tools, and beside it the event that is opened. */
export function EventsBesidePanel(props: EventsBesidePanelProps) {
  const { project, control, list, toolbar, whose, emptyTitle, emptyText } = props;
  const { view, change, hrefOf, open } = control;
  const ascending = isAscending(view);
  const opened = view.event ?? null;
  const narrowed = isNarrowed(view) || view.idle !== undefined;
  const stepper = (towards: "older" | "newer") => (list.canStep(towards) ? () => list.step(towards) : undefined);
  return (
    <>
      <div className="grid gap-2 py-2">{toolbar}</div>
      <div
        className={`grid grid-cols-[minmax(0,1fr)] items-start gap-4 ${opened === null ? "" : "xl:grid-cols-[minmax(0,1fr)_380px]"}`}
      >
        <section aria-label="Log" className="relative min-w-0">
          <div className="pointer-events-none sticky top-5 z-10 flex h-0 justify-center">
            <div className="pointer-events-auto -mt-3 h-fit rounded-full shadow-float">
              <NewEvents state={list.open.state} ascending={ascending} onShow={list.toNewest} />
            </div>
          </div>
          <EventList
            open={list.open}
            project={project}
            ascending={ascending}
            look={lookOf(view)}
            whose={whose}
            paused={list.paused}
            hrefOf={hrefOf}
            opened={opened}
            onOpen={open}
            onStep={list.step}
            sought={list.sought}
            narrowed={narrowed}
            empty={
              narrowed ? (
                <Empty title="No event matches">
                  Nothing of what has happened is like this.{" "}
                  <button
                    type="button"
                    onClick={() => change({ ...UNNARROWED, idle: undefined } as Record<string, undefined>)}
                    className="text-accent underline"
                  >
                    Clear the filters
                  </button>
                </Empty>
              ) : (
                <Empty title={emptyTitle}>{emptyText}</Empty>
              )
            }
          />
          {!narrowed && list.open.state.ready && !list.open.state.hasOlder && list.open.state.rows.length < FEW && (
            <p className="px-4 pt-3 text-center text-muted">{emptyText}</p>
          )}
        </section>
        {opened !== null && (
          <EventPanel
            id={opened}
            project={project}
            href={hrefOf(opened)}
            onClose={() => open(null)}
            onOlder={stepper("older")}
            onNewer={stepper("newer")}
            onActor={(actor) => change({ actor })}
          />
        )}
      </div>
    </>
  );
}
