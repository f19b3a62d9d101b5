"use client";
import { usePermissions } from "#api/use-permissions.ts";
import { Card } from "#components/card.tsx";
import { FirstCall } from "#components/first-call.tsx";
import { ListFoot } from "#components/list-foot.tsx";
import { Empty } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { SearchBox } from "#components/search-box.tsx";
import { useLatest } from "#components/use-latest.ts";
import { mayManage } from "#features/queues/may-manage.ts";
import { QueueList } from "#features/queues/queue-list.tsx";
import { QueuePanel } from "#features/queues/queue-panel.tsx";
import { QueuesHead } from "#features/queues/queues-head.tsx";
import { queuesView } from "#features/queues/queues-view.ts";
import { useQueues } from "#features/queues/use-queues.ts";
import { type ProjectRoute, type QueuesView, routes } from "#routes.ts";
import { searchNow } from "#search-now.ts";

const CALL = `mutation ($projectId: ID!) {
  createTask(input: { projectId: $projectId, kind: "mail", queue: "mails", input: {} }) {
    ... on CreateTaskSuccess { data { id queue } } ... on Error { message }
  }
}`;

interface QueuesTabProps {
  readonly project: ProjectRoute;
  readonly view: QueuesView;
}

/** The project's queues, with the opened one beside. */
export function QueuesTab({ project, view }: QueuesTabProps) {
  const { data, error } = useQueues(project, view);
  const shown = useLatest(data, data !== undefined);
  const allowed = mayManage(usePermissions(project));
  const show = (changed: QueuesView) =>
    window.history.replaceState(null, "", routes.queues(project, { ...queuesView(searchNow()), ...changed }));
  const found = shown?.project;
  return (
    <>
      <QueuesHead
        project={project}
        tab="queues"
        queues={found?.queues.totalCount}
        limits={found?.rateLimits.totalCount}
      />
      <SearchBox
        label="Search queues"
        placeholder="how the name begins"
        value={view.search ?? ""}
        onSearch={(search) => show({ search: search || undefined, after: undefined, before: undefined })}
      />
      <div
        className={`grid grid-cols-[minmax(0,1fr)] gap-4 lg:items-start ${view.queue === undefined ? "" : "lg:grid-cols-[minmax(0,1fr)_340px]"}`}
      >
        <div className="grid grid-cols-1 gap-4">
          <QueryState data={shown} error={error}>
            {() => {
              if (!found) return null;
              const { edges } = found.queues;
              if (edges.length === 0) {
                return (
                  <Card>
                    {view.search === undefined ? (
                      <Empty title="There is no queue yet">
                        <p>
                          Tasks are grouped by the queue that they name, default without one. A queue can be paused, and
                          may let only so many of its tasks run at once. It is there from its first task on.
                        </p>
                        <FirstCall makes="a task in the first queue" code={CALL} />
                      </Empty>
                    ) : (
                      <Empty title="No queue matches">Look for another beginning of a name.</Empty>
                    )}
                  </Card>
                );
              }
              return (
                <>
                  <Card className="overflow-x-auto" aria-busy={data === undefined}>
                    <QueueList
                      projectId={found.id}
                      queues={edges.map(({ node }) => node)}
                      open={view.queue}
                      onOpen={(queue) => show({ queue: queue === view.queue ? undefined : queue })}
                      allowed={allowed}
                    />
                  </Card>
                  <ListFoot
                    one="queue"
                    list={found.queues}
                    hrefOf={(page) => routes.queues(project, { ...view, ...page })}
                  />
                </>
              );
            }}
          </QueryState>
        </div>
        {view.queue !== undefined && (
          <QueuePanel
            key={view.queue}
            project={project}
            name={view.queue}
            allowed={allowed}
            onClose={() => show({ queue: undefined })}
          />
        )}
      </div>
    </>
  );
}
