"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { pagesBeside, type PageView } from "#api/page-view.ts";
import { usePermissions } from "#api/use-permissions.ts";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { FirstCall } from "#components/first-call.tsx";
import { ListHead } from "#components/list-head.tsx";
import { Empty } from "#components/notice.tsx";
import { Pager } from "#components/pager.tsx";
import { QueryState } from "#components/query-state.tsx";
import { SearchBox } from "#components/search-box.tsx";
import { useLatest } from "#components/use-latest.ts";
import { MAY_NOT, mayManage } from "#features/queues/may-manage.ts";
import { QueuesHead } from "#features/queues/queues-head.tsx";
import { RateLimitRow } from "#features/queues/rate-limit-row.tsx";
import { useRateLimits } from "#features/queues/use-rate-limits.ts";
import { type ProjectRoute, type QueuesView, routes } from "#routes.ts";

const SetRateLimit = dynamic(() =>
  import("#features/queues/rate-limit-dialogs.tsx").then((module) => module.SetRateLimit),
);

const CALL = `mutation ($projectId: ID!) {
  setRateLimit(input: { projectId: $projectId, key: "mail", max: 100, periodMs: 3600000 }) {
    ... on SetRateLimitSuccess { data { id } } ... on Error { message }
  }
}`;

interface RateLimitsTabProps {
  readonly project: ProjectRoute;
  readonly view: QueuesView;
}

/** Each with what narrow windows do with it. */
const COLUMNS = [
  ["Key", ""],
  ["Lets through", ""],
  ["Left now", "hidden sm:table-cell"],
  ["Wait for it", ""],
] as const;

/** The project's rate limits, and what waits for them. */
export function RateLimitsTab({ project, view }: RateLimitsTabProps) {
  const { data, error } = useRateLimits(project, view);
  const shown = useLatest(data, data !== undefined);
  const [setting, setSetting] = useState(false);
  const allowed = mayManage(usePermissions(project));
  const found = shown?.project;
  return (
    <>
      <QueuesHead
        project={project}
        tab="limits"
        queues={found?.queues.totalCount}
        limits={found?.rateLimits.totalCount}
      >
        {found && (
          <Button
            look="primary"
            disabled={!allowed}
            title={allowed ? undefined : MAY_NOT}
            onClick={() => setSetting(true)}
          >
            Set rate limit
          </Button>
        )}
      </QueuesHead>
      <SearchBox
        label="Search rate limits"
        placeholder="how the key begins"
        value={view.search ?? ""}
        onSearch={(search) =>
          window.history.replaceState(null, "", routes.queues(project, { tab: "limits", search: search || undefined }))
        }
      />
      <QueryState data={shown} error={error}>
        {() => {
          if (!found) return null;
          const { edges, pageInfo } = found.rateLimits;
          const pageOf = (page: PageView) => routes.queues(project, { tab: "limits", search: view.search, ...page });
          return (
            <>
              <Card className="overflow-x-auto" aria-busy={data === undefined}>
                {edges.length === 0 ? (
                  view.search === undefined ? (
                    <Empty title="There is no rate limit yet">
                      <p>
                        A rate limit lets so many tasks that name its key be handed out in a period, such as 100 mails
                        an hour. The others wait for their turn.
                      </p>
                      <FirstCall makes="the first rate limit" code={CALL} />
                    </Empty>
                  ) : (
                    <Empty title="No rate limit matches">Look for another beginning of a key.</Empty>
                  )
                ) : (
                  <table className="w-full text-left">
                    <ListHead columns={COLUMNS} actions="Actions" />
                    <tbody>
                      {edges.map(({ node }) => (
                        <RateLimitRow
                          key={node.id}
                          project={project}
                          projectId={found.id}
                          limit={node}
                          allowed={allowed}
                        />
                      ))}
                    </tbody>
                  </table>
                )}
              </Card>
              <Pager {...pagesBeside(pageInfo, pageOf)} />
              {setting && <SetRateLimit projectId={found.id} present={null} onClose={() => setSetting(false)} />}
            </>
          );
        }}
      </QueryState>
    </>
  );
}
