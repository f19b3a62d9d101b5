"use client";
import { useRouter } from "next/navigation";
import { type SyntheticEvent, useRef, useState } from "react";
import { useMutation } from "urql";
import type { CreateTaskInput } from "#api/generated/graphql.ts";
import { NO_ISSUES, sentenceOf } from "#api/input-issues.ts";
import { refusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Problem } from "#components/notice.tsx";
import { notify } from "#components/notify.ts";
import { useSubmit } from "#components/use-submit.ts";
import { AdvancedFields, ADVANCED } from "#features/tasks/advanced-fields.tsx";
import {
  BLANK,
  type CreateProblems,
  type CreateValues,
  type TaskFields,
  FIELD_OF,
  readCreateValues,
  valuesLike,
} from "#features/tasks/create-form.ts";
import { CreateTask } from "#features/tasks/create-task.ts";
import { InputEditor } from "#features/tasks/input-editor.tsx";
import { SuggestField } from "#features/tasks/suggest-field.tsx";
import type { TaskNames } from "#features/tasks/use-task-names.ts";
import { type ProjectRoute, routes } from "#routes.ts";

interface CreateTaskFieldsProps {
  readonly project: ProjectRoute;
  readonly names: TaskNames;
  /** What a task like another one is created with. */
  readonly like: CreateTaskInput | null;
  /** The agent's name, or nothing. */
  readonly agent: string;
  readonly onClose: () => void;
}

/** What is to be done, by whom, with what; the rest is folded away until somebody needs it. */
export function CreateTaskFields({ project, names, like, agent, onClose }: CreateTaskFieldsProps) {
  const router = useRouter();
  const [, create] = useMutation(CreateTask);
  const [values, setValues] = useState<CreateValues>(() =>
    like === null ? { ...BLANK, agent } : valuesLike(like, agent || undefined),
  );
  const [problems, setProblems] = useState<CreateProblems>({});
  const [issues, setIssues] = useState(NO_ISSUES);
  const { busy, refusal, submit: send } = useSubmit();
  const [advanced, setAdvanced] = useState(
    () => like !== null && ADVANCED.some((name) => values[name] !== BLANK[name]),
  );
  const check = useRef<() => unknown>(() => undefined);
  const set = (name: keyof CreateValues) => (value: string) => setValues((known) => ({ ...known, [name]: value }));
  const described = names.taskKinds.filter(({ kind }) => kind === values.kind.trim());
  const chosen = described.find(({ inputSchema }) => inputSchema !== null) ?? described[0];
  const schema = chosen?.inputSchema ?? null;

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (busy) return;
    const read = readCreateValues(values, names.agents);
    setProblems(read.problems);
    const wrong = Object.keys(read.problems) as (keyof CreateValues)[];
    if (wrong.some((name) => ADVANCED.includes(name))) setAdvanced(true);
    const input = check.current();
    if (wrong.length > 0 || input === undefined) return;
    void send(() => createOf(read.fields, input));
  };
  const createOf = async (fields: TaskFields, input: unknown) => {
    const more = like && { backoff: like.backoff, retryRules: like.retryRules, resultTtlMs: like.resultTtlMs };
    const { data, error } = await create({
      input: { ...more, ...fields, projectId: names.projectId, input: input as CreateTaskInput["input"] },
    });
    const result = data?.createTask;
    if (result?.__typename === "CreateTaskSuccess") {
      const { id, title } = result.data;
      notify(
        result.repeated
          ? {
              title: `${title} is there already`,
              description: "Its idempotency key had created it before: this is that task.",
            }
          : { title: `${title} is created` },
      );
      router.push(routes.task(project, id));
      return null;
    }
    const told = result?.__typename === "InvalidInput" ? result.issues : NO_ISSUES;
    setIssues(told);
    const atFields = told.flatMap(({ path, message }) => {
      const field = FIELD_OF[path[0] ?? ""];
      return field === undefined ? [] : [[field, sentenceOf(message)] as const];
    });
    setProblems(Object.fromEntries(atFields));
    if (atFields.some(([name]) => ADVANCED.includes(name))) setAdvanced(true);
    const shown = told.length > 0 && told.every(({ path }) => path[0] === "input" || (path[0] ?? "") in FIELD_OF);
    return shown ? "It was not created: some of the fields need another look." : refusalOf(result, error);
  };

  return (
    <form onSubmit={(event) => submit(event)} noValidate className="grid gap-4">
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <SuggestField
          label="Kind"
          value={values.kind}
          onChange={set("kind")}
          suggestions={names.kinds}
          problem={problems.kind}
          hint={kindHint(values.kind.trim(), chosen)}
          required
        />
        <SuggestField
          label="Agent"
          value={values.agent}
          onChange={set("agent")}
          suggestions={[...names.agents.keys()]}
          problem={problems.agent}
          placeholder="any that can do it"
          hint="Named here, only this one may run it."
        />
      </div>
      <InputEditor
        key={JSON.stringify(schema)}
        schema={schema}
        initial={like?.input}
        issues={issues}
        checkRef={check}
      />
      <details open={advanced} onToggle={(event) => setAdvanced(event.currentTarget.open)} className="group">
        <summary className="w-fit cursor-pointer rounded-sm font-[550] text-accent">
          When, how often, in which order
        </summary>
        <AdvancedFields values={values} problems={problems} names={names} set={set} />
        {like !== null && (like.backoff || like.retryRules) && (
          <p className="mt-3 text-sm text-faint">Its backoff and retry rules are those of the task that it is like.</p>
        )}
      </details>
      {refusal !== null && <Problem title={refusal} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" disabled={busy}>
          Create task
        </Button>
      </div>
    </form>
  );
}

function kindHint(
  kind: string,
  chosen: { readonly definition: string; readonly description: string | null } | undefined,
): string {
  if (chosen)
    return chosen.description === null
      ? `By agents of ${chosen.definition}.`
      : `${chosen.definition}: ${chosen.description}.`;
  return kind === ""
    ? "What is to be done, as agents name it."
    : "No definition speaks of it: it waits until an agent can do it.";
}
