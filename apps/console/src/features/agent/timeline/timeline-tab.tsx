"use client";
import { useCallback, useMemo } from "react";
import { useMuster } from "#api/api-provider.tsx";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { AGENT_KINDS } from "#events/filter/event-kinds.ts";
import { filterOf } from "#events/filter/events-view.ts";
import { useEventsView } from "#events/filter/use-events-view.ts";
import { useListOfEvents } from "#events/list/use-list-of-events.ts";
import { EventsBesidePanel } from "#events/panel/events-beside-panel.tsx";
import { agentLog } from "#events/log/open-source.ts";
import { StateHistory } from "#features/agent/timeline/state-history.tsx";
import { TimelineToolbar } from "#features/agent/timeline/timeline-toolbar.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const TimelineFragment = graphql(`
  fragment TimelineTab on Agent {
    id
    name
    ...StateHistory
  }
`);

interface TimelineTabProps {
  readonly project: ProjectRoute;
  readonly id: string;
  /** Null until it has been read: what has happened to it is read meanwhile. */
  readonly agent: FragmentType<typeof TimelineFragment> | null;
}

/** What has happened to the agent: its states over time, and every event. */
export default function TimelineTab({ project: { workspace, project }, id, agent: masked }: TimelineTabProps) {
  const agent = readFragment(TimelineFragment, masked);
  const muster = useMuster();
  const source = useMemo(() => agentLog(muster, id), [muster, id]);
  const address = useCallback(
    (values: Record<string, string | undefined>) => routes.agent({ workspace, project }, id, values),
    [workspace, project, id],
  );
  const control = useEventsView(address);
  const filter = useMemo(() => filterOf(control.view, AGENT_KINDS), [control.view]);
  const list = useListOfEvents(source, filter, control);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1">
      <StateHistory id={id} agent={agent} control={control} onChoose={list.seek} />
      <EventsBesidePanel
        project={{ workspace, project }}
        control={control}
        list={list}
        whose={false}
        toolbar={<TimelineToolbar source={source} name={agent?.name ?? id} control={control} list={list} />}
        emptyTitle="Nothing has happened to this agent yet"
        emptyText="What happens appears here by itself."
      />
    </div>
  );
}
