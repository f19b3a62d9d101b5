"use client";
import { type SyntheticEvent, useEffect, useRef, useState } from "react";
import { Button } from "#components/button.tsx";
import { Problem } from "#components/notice.tsx";
import { TextField } from "#components/text-field.tsx";
import { FilterFields } from "#features/webhooks/filter-fields.tsx";
import type { FilterForm } from "#features/webhooks/filter-form.ts";
import { atFields, type FieldProblems } from "#features/webhooks/input-issues.ts";
import type { ProjectRoute } from "#routes.ts";

export interface WebhookValues {
  readonly name: string;
  readonly url: string;
  readonly filter: FilterForm;
}

/** Why a form was not accepted: a sentence, or what is wrong at which field. */
export interface Refusal {
  readonly message: string;
  readonly issues?: readonly { readonly path: readonly string[]; readonly message: string }[];
}

const FILTERS = ["types", "states", "agents", "labels", "search", "contexts", "tasks", "subjects", "actors"];
const FIELDS = ["name", "url", ...FILTERS.map((name) => `filter.${name}`)];

interface WebhookFormProps {
  readonly project: ProjectRoute;
  readonly initial: WebhookValues;
  readonly submit: string;
  /** Answers why it was not accepted, or null. */
  readonly onSubmit: (values: WebhookValues) => Promise<Refusal | null>;
  readonly onCancel: () => void;
}

/** A webhook's name, address and filter. What the API refuses is told at its field, and nothing typed is lost. */
export function WebhookForm({ project, initial, submit, onSubmit, onCancel }: WebhookFormProps) {
  const [values, setValues] = useState(initial);
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState<FieldProblems>({});
  const [problem, setProblem] = useState<{ readonly title: string; readonly rest: readonly string[] } | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const change = (changed: Partial<WebhookValues>) => setValues((current) => ({ ...current, ...changed }));

  useEffect(() => {
    if (Object.keys(problems).length > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [problems]);

  const send = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    const refusal = await onSubmit({ ...values, name: values.name.trim(), url: values.url.trim() });
    setBusy(false);
    const found = atFields(refusal?.issues ?? [], FIELDS);
    setProblems(found.problems);
    if (refusal && (found.rest.length > 0 || !refusal.issues?.length)) {
      setProblem({ title: refusal.message, rest: found.rest });
    }
  };

  return (
    <form ref={form} onSubmit={(event) => void send(event)} className="grid gap-4">
      <TextField
        label="Name"
        value={values.name}
        onChange={(name) => change({ name })}
        problem={problems["name"]}
        maxLength={200}
        placeholder="pager"
        required
      />
      <TextField
        label="Address"
        value={values.url}
        onChange={(url) => change({ url })}
        problem={problems["url"]}
        type="url"
        maxLength={2_000}
        placeholder="https://example.com/hooks/muster"
        hint="Each event is sent there with POST, as JSON."
        mono
        required
      />
      <FilterFields
        project={project}
        value={values.filter}
        onChange={(filter) => change({ filter })}
        problems={problems}
      />
      {problem !== null && <Problem title={problem.title}>{problem.rest.join(" ")}</Problem>}
      <div className="sticky -bottom-4 -mb-4 flex justify-end gap-2 bg-raised py-3">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" look="primary" disabled={busy}>
          {submit}
        </Button>
      </div>
    </form>
  );
}
