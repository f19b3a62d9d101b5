"use client";
import { useEffect, useMemo, useRef, useState } from "react";
import { atFields, NO_ISSUES } from "#api/input-issues.ts";
import type { Refusal } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Problem } from "#components/notice.tsx";
import { TextField } from "#components/text-field.tsx";
import { useSubmit } from "#components/use-submit.ts";
import { FilterFields } from "#features/webhooks/filter-fields.tsx";
import type { FilterForm } from "#features/webhooks/filter-form.ts";
import type { ProjectRoute } from "#routes.ts";

export interface WebhookValues {
  readonly name: string;
  readonly url: string;
  readonly filter: FilterForm;
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
  const { busy, refusal, submit: send } = useSubmit<Refusal>();
  const { problems, rest } = useMemo(() => atFields(refusal?.issues ?? NO_ISSUES, FIELDS), [refusal]);
  const form = useRef<HTMLFormElement>(null);
  const change = (changed: Partial<WebhookValues>) => setValues((current) => ({ ...current, ...changed }));

  useEffect(() => {
    if (Object.keys(problems).length > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [problems]);

  const attempt = () => onSubmit({ ...values, name: values.name.trim(), url: values.url.trim() });

  return (
    <form ref={form} onSubmit={(event) => void send(attempt, event)} className="grid gap-4">
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
      {refusal !== null && (rest.length > 0 || refusal.issues.length === 0) && (
        <Problem title={refusal.message}>{rest.join(" ")}</Problem>
      )}
      <div className="sticky -bottom-4 -mb-4 flex justify-end gap-2 bg-raised py-3">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" look="primary" disabled={busy}>
          {submit}
        </Button>
      </div>
    </form>
  );
}
