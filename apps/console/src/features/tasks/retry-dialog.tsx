"use client";
import { useRouter } from "next/navigation";
import { type SyntheticEvent, useRef, useState } from "react";
import { useMutation } from "urql";
import { issueAt, NO_ISSUES } from "#api/input-issues.ts";
import { wholeRefusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Loading, Problem } from "#components/notice.tsx";
import { notify } from "#components/notify.ts";
import { TextField } from "#components/text-field.tsx";
import { useSubmit } from "#components/use-submit.ts";
import { InputEditor } from "#features/tasks/input-editor.tsx";
import { RetryTask } from "#features/tasks/use-run-again.ts";
import { useTaskNames } from "#features/tasks/use-task-names.ts";
import { type ProjectRoute, routes } from "#routes.ts";

interface Retried {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly priority: number;
  readonly input: unknown;
}

interface RetryDialogProps {
  readonly project: ProjectRoute;
  readonly task: Retried;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Runs an ended task again with another input, as a new task that is linked to it. */
export function RetryDialog({ project, task, open, onClose }: RetryDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={`Run ${task.title} again`}
      description="As a new task that is linked to this one, which stays as it was. All its other settings are the same; it has no deadline."
      wide
    >
      <RetryForm project={project} task={task} onClose={onClose} />
    </Dialog>
  );
}

function RetryForm({ project, task, onClose }: Omit<RetryDialogProps, "open">) {
  const router = useRouter();
  const names = useTaskNames(project);
  const [, retry] = useMutation(RetryTask);
  const [priority, setPriority] = useState(String(task.priority));
  const [runAt, setRunAt] = useState("");
  const [issues, setIssues] = useState(NO_ISSUES);
  const { busy, refusal, submit: send } = useSubmit();
  const check = useRef<() => unknown>(() => undefined);
  if (!names) return <Loading label="Opening the form" />;
  const schema = names.taskKinds.find(
    ({ kind, inputSchema }) => kind === task.kind && inputSchema !== null,
  )?.inputSchema;

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const input = check.current();
    if (busy || input === undefined) return;
    const wrong = /^-?\d+$/.test(priority.trim()) ? NO_ISSUES : [{ path: ["priority"], message: "A whole number." }];
    setIssues(wrong);
    if (wrong.length === 0) void send(() => runAgain(input));
  };
  const runAgain = async (input: unknown) => {
    const { data, error } = await retry({
      input: {
        taskId: task.id,
        input: input as NonNullable<Parameters<typeof retry>[0]["input"]["input"]>,
        priority: Number(priority),
        ...(runAt !== "" && { runAt: new Date(runAt).toISOString() }),
      },
    });
    const result = data?.retryTask;
    if (result?.__typename === "RetryTaskSuccess") {
      onClose();
      notify({ title: `${result.data.title} runs again`, description: "As a new task, linked to the one before." });
      router.push(routes.task(project, result.data.id));
      return null;
    }
    const refused = wholeRefusalOf(result, error);
    setIssues(refused.issues);
    return refused.message;
  };

  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <InputEditor schema={schema ?? null} initial={task.input} issues={issues} checkRef={check} />
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <TextField label="Priority" value={priority} onChange={setPriority} problem={issueAt(issues, "priority")} />
        <TextField
          label="Not before"
          value={runAt}
          onChange={setRunAt}
          type="datetime-local"
          step={1}
          hint="At once when empty."
          problem={issueAt(issues, "runAt")}
        />
      </div>
      {refusal !== null && <Problem title={refusal} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" disabled={busy}>
          Run again
        </Button>
      </div>
    </form>
  );
}
