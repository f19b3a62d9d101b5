"use client";
import dynamic from "next/dynamic";
import { Dialog } from "#components/dialog.tsx";
import { Loading } from "#components/notice.tsx";
import type { ProjectRoute } from "#routes.ts";

/** Comes when it is asked for. */
const CreateTaskForm = dynamic(
  () => import("#features/tasks/create-task-form.tsx").then((module) => module.CreateTaskForm),
  { loading: () => <Loading label="Opening the form" /> },
);

interface CreateTaskDialogProps {
  readonly project: ProjectRoute;
  /** Undefined: closed. The id of a task: one like this. */
  readonly create: string | undefined;
  /** The agent that is suggested. */
  readonly agent: string | undefined;
  readonly onClose: () => void;
}

/** Creates a task. Opened by the address, so that any page can lead here. */
export function CreateTaskDialog({ project, create, agent, onClose }: CreateTaskDialogProps) {
  return (
    <Dialog
      open={create !== undefined}
      onOpenChange={(next) => !next && onClose()}
      title="Create task"
      description="A piece of work for an agent. It is handed out as soon as one is free."
      wide
    >
      {create !== undefined && (
        <CreateTaskForm
          key={create}
          project={project}
          like={create.startsWith("task_") ? create : null}
          agent={agent ?? ""}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}
