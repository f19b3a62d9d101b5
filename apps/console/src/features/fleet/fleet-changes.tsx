"use client";
import { useMemo, useState } from "react";
import type { FleetChangesQuery as Answer, FleetSnapshotFilter } from "#api/generated/graphql.ts";
import { graphql } from "#api/generated/gql.ts";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { numberText } from "#components/number-text.ts";
import { QueryState } from "#components/query-state.tsx";
import { columnsIn } from "#components/table/columns.ts";
import { Table } from "#components/table/table.tsx";
import { changeColumns, type ChangeRow, nameOfChange } from "#features/fleet/change-columns.tsx";
import { Incomplete } from "#features/fleet/incomplete.tsx";
import { useLiveList } from "#live/use-live-list.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const FleetChangesQuery = graphql(`
  query FleetChanges(
    $path: String!
    $from: DateTime!
    $to: DateTime!
    $filter: FleetSnapshotFilter!
    $first: Int!
    $after: String
    $head: Boolean!
  ) {
    project(path: $path) {
      id
      cursor
      fleetChanges(from: $from, to: $to, filter: $filter, first: $first, after: $after) {
        from
        to
        complete @include(if: $head)
        totalCount
        totalIsCapped
        edges {
          node {
            agent {
              id
            }
            ...FleetChangeRow
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

interface FleetChangesProps {
  readonly project: ProjectRoute;
  readonly from: number;
  readonly to: number;
  /** Which agents; of its states, at either moment. */
  readonly filter: FleetSnapshotFilter;
}

/** The agents that moved or were registered between two moments: what each was before and after, how often it moved, and why. */
export function FleetChanges({ project, from, to, filter }: FleetChangesProps) {
  const wanted = `${iso(from)} ${iso(to)}`;
  const [asked, setAsked] = useState(wanted);
  const [start = "", end = ""] = asked.split(" ");
  const { data, list, settled, error } = useLiveList({
    query: FleetChangesQuery,
    variables: { path: projectPath(project), from: start, to: end, filter },
    connection: rowsIn,
    feed: () => null,
  });
  // While a moment is dragged, one question is asked at a time.
  if (asked !== wanted && (settled || error !== undefined)) setAsked(wanted);
  const columns = useMemo(() => changeColumns(project), [project]);
  const shown = useMemo(() => columnsIn(columns, null), [columns]);
  const steady = useMemo(() => ({ ...list, key: "changes" }), [list]);
  return (
    <QueryState data={data} error={error}>
      {({ project: found }) => (
        <>
          {found?.fleetChanges.complete === false && <Incomplete />}
          <p role="status" className="text-muted tabular-nums empty:hidden">
            {list.total > 0 &&
              `${list.totalIsCapped ? "More than " : ""}${list.total === 1 ? "1 agent" : `${numberText(list.total)} agents`} changed.`}
          </p>
          {list.total === 0 ? (
            <Card>
              {Object.keys(filter).length > 0 ? (
                <Empty title="No agent that matches changed between these moments">
                  Look for something else, or move one of the moments further away.
                </Empty>
              ) : (
                <Empty title="Nothing changed between these moments">Move one of them further away.</Empty>
              )}
            </Card>
          ) : (
            <Table
              label="Changes"
              columns={columns}
              shown={shown}
              list={steady}
              rowHeight={45}
              cardHeight={120}
              nameOf={nameOfChange}
            />
          )}
        </>
      )}
    </QueryState>
  );
}

function rowsIn({ project }: Answer) {
  const changes = project?.fleetChanges;
  if (!changes) return null;
  return {
    ...changes,
    edges: changes.edges.map(({ node }) => ({ node: { ...node, id: node.agent.id } as ChangeRow })),
  };
}

function iso(moment: number): string {
  return new Date(moment).toISOString();
}
