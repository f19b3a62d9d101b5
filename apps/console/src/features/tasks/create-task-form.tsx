"use client";
import { graphql } from "#api/generated/gql.ts";
import { readFragment } from "#api/generated/fragment-masking.ts";
import { Loading, Problem } from "#components/notice.tsx";
import { CreateTaskFields } from "#features/tasks/create-task-fields.tsx";
import { createInputOf, SettingsFragment } from "#features/tasks/task-settings.ts";
import { useTaskNames } from "#features/tasks/use-task-names.ts";
import { useAnswer } from "#live/use-answer.ts";
import type { ProjectRoute } from "#routes.ts";

const LikeQuery = graphql(`
  query TaskToCopy($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      id
      ... on Task {
        input
        ...TaskSettings
      }
    }
  }
`);

interface CreateTaskFormProps {
  readonly project: ProjectRoute;
  /** The id of the task that the new one is to be like. */
  readonly like: string | null;
  readonly agent: string;
  readonly onClose: () => void;
}

/** Reads what the form suggests and what it begins with, then shows it. */
export function CreateTaskForm({ project, like, agent, onClose }: CreateTaskFormProps) {
  const names = useTaskNames(project);
  const { data, error } = useAnswer(LikeQuery, { ids: like === null ? [] : [like] });
  if (error) return <Problem title="The form cannot be opened">{error.message}</Problem>;
  if (!names || !data) return <Loading label="Opening the form" />;
  const task = data.nodes[0]?.__typename === "Task" ? data.nodes[0] : null;
  const agentName = [...names.agents].find(([, id]) => id === agent)?.[0] ?? agent;
  if (task === null) {
    return <CreateTaskFields project={project} names={names} like={null} agent={agentName} onClose={onClose} />;
  }
  const settings = readFragment(SettingsFragment, task);
  return (
    <CreateTaskFields
      project={project}
      names={names}
      like={createInputOf(settings, task.input)}
      agent={settings.targetAgent?.name ?? ""}
      onClose={onClose}
    />
  );
}
