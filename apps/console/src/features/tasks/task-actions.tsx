"use client";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Button } from "#components/button.tsx";
import { Menu, MenuItem, MenuSeparator } from "#components/menu.tsx";
import { notify } from "#components/notify.ts";
import { curlOf, programOf } from "#features/tasks/as-code.ts";
import { createInputOf, SettingsFragment } from "#features/tasks/task-settings.ts";
import { useRunAgain } from "#features/tasks/use-run-again.ts";
import { taskHasEnded } from "#lifecycles/task-states.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

/** Each comes when it is asked for. */
const CancelDialog = dynamic(() => import("#features/tasks/cancel-dialog.tsx").then((module) => module.CancelDialog));
const RetryDialog = dynamic(() => import("#features/tasks/retry-dialog.tsx").then((module) => module.RetryDialog));

const ActionsFragment = graphql(`
  fragment TaskActions on Task {
    id
    title
    state
    ...TaskSettings
  }
`);

interface TaskActionsProps {
  readonly project: ProjectRoute;
  readonly task: FragmentType<typeof ActionsFragment>;
  readonly input: unknown;
  readonly permissions: readonly string[];
}

/** What may be done with the task now. */
export function TaskActions({ project, task: masked, input, permissions }: TaskActionsProps) {
  const task = readFragment(ActionsFragment, masked);
  const router = useRouter();
  const [asked, setAsked] = useState<"cancel" | "retry" | null>(null);
  /** They are loaded when they are first asked for, and stay: a dialog closes slowly. */
  const [used, setUsed] = useState<{ readonly cancel?: true; readonly retry?: true }>({});
  const { busy, runAgain } = useRunAgain(project);
  const ended = taskHasEnded(task.state);
  const may = (permission: string) => permissions.includes(permission);
  const copy = (what: string, write: typeof curlOf) => {
    const text = write(createInputOf(readFragment(SettingsFragment, task), input), location.origin);
    void navigator.clipboard.writeText(text).then(() => notify({ title: `Copied ${what}` }));
  };
  const ask = (what: "cancel" | "retry") => {
    setUsed({ ...used, [what]: true });
    setAsked(what);
  };
  const noRetry = may("task.retry") ? undefined : "You may not run tasks again.";
  const noCancel = may("task.cancel") ? undefined : "You may not cancel tasks.";
  return (
    <div className="flex flex-wrap items-center gap-2">
      {ended ? (
        <>
          <Button disabled={busy || !may("task.retry")} title={noRetry} onClick={() => void runAgain(task)}>
            Run again
          </Button>
          <Button disabled={!may("task.retry")} title={noRetry} onClick={() => ask("retry")}>
            Edit and run again
          </Button>
        </>
      ) : (
        <Button
          look="danger"
          disabled={!may("task.cancel") || task.state === "CANCELLING"}
          title={task.state === "CANCELLING" ? "It is being cancelled already." : noCancel}
          onClick={() => ask("cancel")}
        >
          Cancel
        </Button>
      )}
      <Menu
        trigger={
          <Button aria-label="More actions" title="More actions">
            <span aria-hidden>⋯</span>
          </Button>
        }
      >
        {may("task.create") && (
          <MenuItem onSelect={() => router.push(routes.tasks(project, { create: task.id }))}>
            Create one like this
          </MenuItem>
        )}
        {may("task.create") && <MenuSeparator />}
        <MenuItem onSelect={() => copy("a curl command that creates one like this", curlOf)}>Copy as curl</MenuItem>
        <MenuItem onSelect={() => copy("a program that creates one like this", programOf)}>Copy as TypeScript</MenuItem>
      </Menu>
      {used.cancel && <CancelDialog task={task} open={asked === "cancel"} onClose={() => setAsked(null)} />}
      {used.retry && (
        <RetryDialog
          project={project}
          task={{ ...readFragment(SettingsFragment, task), title: task.title, input }}
          open={asked === "retry"}
          onClose={() => setAsked(null)}
        />
      )}
    </div>
  );
}
