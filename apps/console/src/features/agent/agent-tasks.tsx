"use client";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { AgentTaskFragment } from "#api/generated/graphql.ts";
import { Card } from "#components/card.tsx";
import { Ago, Elapsed } from "#components/time.tsx";
import { spentText } from "#events/spent-text.ts";
import { taskTitle } from "#events/task-title.ts";
import { TASK_STATES } from "#lifecycles/task-states.tsx";
import { StateIcon } from "#lifecycles/state-badge.tsx";

const TaskFragment = graphql(`
  fragment AgentTask on Task {
    id
    version
    kind
    input
    state
    progressMessage
    createdAt
    startedAt
    finishedAt
    error {
      message
    }
    agent {
      id
    }
  }
`);

const TasksFragment = graphql(`
  fragment AgentTasks on Agent {
    id
    held: tasks(first: 10, filter: { states: [ASSIGNED, RUNNING, CANCELLING] }) {
      edges {
        node {
          id
          ...AgentTask
        }
      }
    }
    recent: tasks(first: 10) {
      edges {
        node {
          id
          ...AgentTask
        }
      }
    }
  }
`);

const MOST_SHOWN = 8;

type TaskEvent = { readonly __typename: string; readonly task?: FragmentType<typeof TaskFragment> | null };

interface AgentTasksProps {
  readonly agent: FragmentType<typeof TasksFragment>;
  /** What has happened since the agent was read: tasks that it was given since come with them. */
  readonly events: readonly TaskEvent[];
}

/** What it works on and what it did last. */
export function AgentTasks({ agent: masked, events }: AgentTasksProps) {
  const { id, held, recent } = readFragment(TasksFragment, masked);
  const tasks = newestTasks([
    ...[...recent.edges, ...held.edges].map(({ node }) => readFragment(TaskFragment, node)),
    ...events.flatMap(({ task }) => (task ? [readFragment(TaskFragment, task)] : [])),
  ]).filter((task) => task.agent?.id === id);
  return (
    <Card>
      <h2 className="px-4 pt-3 font-[550]">Works on</h2>
      {tasks.length === 0 && <p className="px-4 pt-1 pb-3 text-muted">It has had no task yet.</p>}
      <ul aria-label="Tasks" className="pb-1.5">
        {tasks.slice(0, MOST_SHOWN).map((task) => (
          <li key={task.id} className="px-4 py-1.25 max-lg:nth-[n+4]:hidden">
            <TaskLine task={task} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function TaskLine({ task }: { readonly task: AgentTaskFragment }) {
  const look = TASK_STATES[task.state];
  const outcome = task.error?.message ?? (task.finishedAt === null ? task.progressMessage : null);
  return (
    <>
      <div className="flex items-baseline gap-2">
        <span title={look.word} className="self-center">
          <StateIcon look={look} />
          <span className="sr-only">{look.word}</span>
        </span>
        <span className="min-w-0 grow truncate" title={task.id}>
          {taskTitle(task)}
        </span>
        <span className="text-muted tabular-nums">
          {task.startedAt === null ? (
            look.word
          ) : task.finishedAt === null ? (
            <Elapsed since={task.startedAt} />
          ) : (
            spentText(Date.parse(task.finishedAt) - Date.parse(task.startedAt))
          )}
        </span>
      </div>
      <div className="truncate pl-5 text-sm text-faint">
        {task.finishedAt === null ? look.word : <Ago at={task.finishedAt} />}
        {outcome !== null && <> · {outcome}</>}
      </div>
    </>
  );
}

/** Each task once, as it was last told; the unfinished first, then those that ended last. */
function newestTasks(tasks: readonly AgentTaskFragment[]): AgentTaskFragment[] {
  const byId = new Map<string, AgentTaskFragment>();
  for (const task of tasks) {
    const known = byId.get(task.id);
    if (!known || known.version <= task.version) byId.set(task.id, task);
  }
  const ended = (task: AgentTaskFragment) => (task.finishedAt === null ? Infinity : Date.parse(task.finishedAt));
  return [...byId.values()].sort(
    (one, other) =>
      (ended(other) === ended(one) ? 0 : ended(other) - ended(one)) || other.createdAt.localeCompare(one.createdAt),
  );
}
