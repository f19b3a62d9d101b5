"use client";
import { useQuery } from "urql";
import { readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { pageArguments, pagesBeside } from "#api/page-view.ts";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { Pager } from "#components/pager.tsx";
import { QueryState } from "#components/query-state.tsx";
import { exactText } from "#components/time.tsx";
import { useLatest } from "#components/use-latest.ts";
import { AuditEntry } from "#features/settings/audit/audit-entry.tsx";
import { auditFilter } from "#features/settings/audit/audit-filter.ts";
import { useReading } from "#live/use-reading.ts";
import { projectPath, type ProjectRoute, routes, type SettingsView } from "#routes.ts";

const PageFragment = graphql(`
  fragment AuditPage on AuditConnection {
    edges {
      node {
        event {
          id
        }
        ...AuditEntry
      }
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
    searchedTo
  }
`);

const AuditQuery = graphql(`
  query AuditLog(
    $path: String!
    $all: Boolean!
    $filter: AuditFilter
    $first: Int
    $after: String
    $last: Int
    $before: String
  ) {
    project(path: $path) @skip(if: $all) {
      id
      workspace {
        id
        auditLog(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
          ...AuditPage
        }
      }
    }
    auditLog(filter: $filter, first: $first, after: $after, last: $last, before: $before) @include(if: $all) {
      ...AuditPage
    }
  }
`);

interface AuditEntriesProps {
  readonly project: ProjectRoute;
  /** Of the whole installation. */
  readonly all: boolean;
  readonly view: SettingsView;
  readonly change: (changes: SettingsView) => void;
}

/** One page of the log, the newest first; the first page is read again every few seconds. */
export function AuditEntries({ project, all, view, change }: AuditEntriesProps) {
  const variables = { path: projectPath(project), all, filter: auditFilter(view), ...pageArguments(view) };
  const [{ data, error }] = useQuery({ query: AuditQuery, variables, requestPolicy: "cache-and-network" });
  useReading(AuditQuery, variables, view.after === undefined && view.before === undefined);
  const shown = useLatest(data, data !== undefined);
  return (
    <QueryState data={shown} error={error}>
      {({ project: found, auditLog }) => {
        const page = readFragment(PageFragment, auditLog ?? found?.workspace.auditLog);
        if (!page) return null;
        return (
          <>
            <Card aria-busy={data === undefined}>
              {page.edges.length === 0 && page.searchedTo !== null ? (
                <Empty title="Nothing found so far">Look further with the buttons below, or at another time.</Empty>
              ) : page.edges.length === 0 ? (
                <Empty title="Nothing is like that">
                  Take a filter back, or look at another time.
                  {!all && " Sign-ins, and what is done about people, stand in the log of the installation itself."}
                </Empty>
              ) : (
                <ul aria-label="Audit log">
                  {page.edges.map(({ node }) => (
                    <AuditEntry
                      key={node.event.id}
                      entry={node}
                      open={view.entry === node.event.id}
                      // The page that is shown stays.
                      narrow={change}
                      onToggle={(entry) => change({ after: view.after, before: view.before, entry })}
                    />
                  ))}
                </ul>
              )}
            </Card>
            <div className="flex items-center justify-between gap-4 text-sm text-faint">
              <span role="status">
                {page.searchedTo === null
                  ? "Sealed entries are chained by hash: a later change of them would be found."
                  : `50,000 entries were looked at, up to ${exactText(page.searchedTo)}. There may be more behind them.`}
              </span>
              <Pager
                {...pagesBeside(page.pageInfo, (beside) =>
                  routes.settings(project, "audit", { ...view, entry: undefined, ...beside }),
                )}
              />
            </div>
          </>
        );
      }}
    </QueryState>
  );
}
