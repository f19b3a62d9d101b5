"use client";
import { readFragment } from "#api/generated/fragment-masking.ts";
import { pageArguments, pagesBeside } from "#api/page-view.ts";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { numberText } from "#components/number-text.ts";
import { Pager } from "#components/pager.tsx";
import { QueryState } from "#components/query-state.tsx";
import { exactText } from "#components/time.tsx";
import { AuditEntry } from "#features/settings/audit/audit-entry.tsx";
import { auditFilter } from "#features/settings/audit/audit-filter.ts";
import { AuditPageFragment, MOST_COUNTED, useAuditLog } from "#features/settings/audit/use-audit-log.ts";
import { projectPath, type ProjectRoute, routes, type SettingsView } from "#routes.ts";

interface AuditEntriesProps {
  readonly project: ProjectRoute;
  /** Of the whole installation. */
  readonly all: boolean;
  readonly view: SettingsView;
  readonly change: (changes: SettingsView) => void;
}

/** One page of the log, the newest first; what comes meanwhile is counted, and read when it is asked for. */
export function AuditEntries({ project, all, view, change }: AuditEntriesProps) {
  const variables = { path: projectPath(project), all, filter: auditFilter(view), ...pageArguments(view) };
  const { data, settled, error, fresh, read } = useAuditLog(variables);
  return (
    <QueryState data={data} error={error}>
      {({ project: found, auditLog }) => {
        const page = readFragment(AuditPageFragment, auditLog ?? found?.workspace.auditLog);
        if (!page) return null;
        return (
          <>
            {fresh > 0 && (
              <button
                type="button"
                onClick={read}
                className="justify-self-center rounded-full border border-accent bg-accent px-3 py-0.75 font-[550] whitespace-nowrap text-on-accent tabular-nums"
              >
                {newEntries(fresh)} ↑
              </button>
            )}
            <Card aria-busy={!settled}>
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

function newEntries(count: number): string {
  if (count === 1) return "1 new entry";
  return `${numberText(count)}${count >= MOST_COUNTED ? " or more" : ""} new entries`;
}
