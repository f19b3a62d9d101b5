"use client";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { Card } from "#components/card.tsx";
import { Choice } from "#components/choice.tsx";
import { ListHead } from "#components/list-head.tsx";
import { Empty } from "#components/notice.tsx";
import { numberText } from "#components/number-text.ts";
import { Pager } from "#components/pager.tsx";
import { QueryState } from "#components/query-state.tsx";
import { pagesBeside, pageViewOf, type PageView } from "#api/page-view.ts";
import { presetOf, TASK_PRESETS, type TaskPreset } from "#features/agent/tasks/task-presets.ts";
import { TaskRow } from "#features/agent/tasks/task-row.tsx";
import { useAgentTasks } from "#features/agent/tasks/use-agent-tasks.ts";
import { type ProjectRoute, routes } from "#routes.ts";

/** Each with what a narrow window does with it. */
const COLUMNS = [
  ["State", "max-sm:sr-only"],
  ["Task", ""],
  ["Outcome", "hidden md:table-cell"],
  ["Attempt", "hidden text-right lg:table-cell"],
  ["Took", "text-right"],
  ["When", "hidden text-right sm:table-cell"],
] as const;

interface TasksTabProps {
  readonly project: ProjectRoute;
  readonly agent: string;
}

/** The tasks that the agent holds, has had and is meant to get, the newest first, and why it is given no more. */
export default function TasksTab({ project, agent }: TasksTabProps) {
  const search = useSearchParams();
  const preset = presetOf(search.get("state"));
  const { data, error } = useAgentTasks(agent, preset, pageViewOf(search));
  const hrefOf = (state: TaskPreset, page: PageView = {}) =>
    routes.agent(project, agent, { tab: "tasks", state: state === "all" ? undefined : state, ...page });
  const words = Object.fromEntries(Object.entries(TASK_PRESETS).map(([name, { word }]) => [name, word]));
  return (
    <section aria-label="Tasks" className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="max-w-full overflow-x-auto">
          <Choice
            label="Show"
            options={words as Record<TaskPreset, string>}
            value={preset}
            onChange={(chosen) => window.history.replaceState(null, "", hrefOf(chosen))}
          />
        </div>
        <Link href={routes.tasks(project, { agent })} prefetch={false} className="text-accent hover:underline">
          Search and act on them in Tasks
        </Link>
      </div>
      <QueryState data={data} error={error}>
        {({ node }) => {
          if (node?.__typename !== "Agent") return null;
          const { edges, pageInfo, totalCount, totalIsCapped } = node.tasks;
          return (
            <>
              {node.idleReason && (
                <p className="rounded-lg border border-line bg-surface px-4 py-2.5">
                  <span className="font-[550]">Why it is given no more work now:</span>{" "}
                  <span className="text-muted">{node.idleReason.message}</span>
                </p>
              )}
              <Card className="overflow-x-auto">
                {edges.length === 0 ? (
                  <Empty title={preset === "all" ? "It has had no task yet" : "There is none of these"}>
                    {TASK_PRESETS[preset].none}
                  </Empty>
                ) : (
                  <table className="w-full text-left">
                    <ListHead columns={COLUMNS} />
                    <tbody>
                      {edges.map(({ node: task }) => (
                        <TaskRow key={task.id} project={project} agent={agent} task={task} />
                      ))}
                    </tbody>
                  </table>
                )}
              </Card>
              <div className="flex items-center justify-between gap-4 text-muted">
                <span className="tabular-nums">{edges.length > 0 && countText(totalCount, totalIsCapped)}</span>
                <Pager {...pagesBeside(pageInfo, (page) => hrefOf(preset, page))} />
              </div>
            </>
          );
        }}
      </QueryState>
    </section>
  );
}

function countText(count: number, capped: boolean): string {
  if (capped) return `more than ${numberText(count)} tasks`;
  return count === 1 ? "1 task" : `${numberText(count)} tasks`;
}
