"use client";
import type { DependencyCondition } from "#api/generated/graphql.ts";
import { SelectField } from "#components/select-field.tsx";
import { TextArea } from "#components/text-area.tsx";
import { TextField } from "#components/text-field.tsx";
import type { CreateProblems, CreateValues } from "#features/tasks/create-form.ts";
import { SuggestField } from "#features/tasks/suggest-field.tsx";
import type { TaskNames } from "#features/tasks/use-task-names.ts";

interface AdvancedFieldsProps {
  readonly values: CreateValues;
  readonly problems: CreateProblems;
  readonly names: TaskNames;
  readonly set: (name: keyof CreateValues) => (value: string) => void;
}

/** The fields that stand here: one of them that is wrong unfolds them. */
export const ADVANCED: readonly (keyof CreateValues)[] = [
  "queue",
  "priority",
  "runAt",
  "deadline",
  "timeout",
  "maxFailures",
  "capability",
  "labels",
  "concurrencyKey",
  "concurrencyLimit",
  "rateLimitKey",
  "idempotencyKey",
  "dependsOn",
];

const CONDITIONS: Readonly<Record<DependencyCondition, string>> = {
  ALL_SUCCEEDED: "all have succeeded",
  ANY_SUCCEEDED: "one has succeeded",
  ALL_ENDED: "all have ended, however they did",
};

/** What most tasks go without. */
export function AdvancedFields({ values, problems, names, set }: AdvancedFieldsProps) {
  const field = (name: keyof CreateValues) => ({ value: values[name], onChange: set(name), problem: problems[name] });
  return (
    <div className="mt-3 grid items-start gap-4 sm:grid-cols-2">
      <SuggestField label="Queue" {...field("queue")} suggestions={names.queues} placeholder="default" />
      <TextField
        label="Priority"
        {...field("priority")}
        placeholder="0"
        hint="From -1000 to 1000; higher runs first."
      />
      <TextField
        label="Not before"
        {...field("runAt")}
        type="datetime-local"
        step={1}
        hint="At once when empty. In your time zone."
      />
      <TextField
        label="Deadline"
        {...field("deadline")}
        type="datetime-local"
        step={1}
        hint="It expires when it has not been started by then."
      />
      <TextField label="Time limit" {...field("timeout")} placeholder="none" hint="Of one attempt: 90s, 10m, 2h." />
      <TextField label="Failures" {...field("maxFailures")} placeholder="3" hint="After so many it is given up." />
      <TextField
        label="Capability"
        {...field("capability")}
        placeholder={values.kind || "the kind"}
        hint="What an agent must be capable of."
      />
      <TextField label="Labels" {...field("labels")} placeholder="zone=eu, gpu=a100" hint="That its agent must have." />
      <TextField
        label="Concurrency key"
        {...field("concurrencyKey")}
        hint="Agents hold only some of one key at a time."
      />
      <TextField label="Of one key at a time" {...field("concurrencyLimit")} placeholder="1" />
      <SuggestField
        label="Rate limit"
        {...field("rateLimitKey")}
        suggestions={names.rateLimits}
        hint="The key of a rate limit of the project."
      />
      <TextField label="Idempotency key" {...field("idempotencyKey")} hint="Creating with it again gives this task." />
      <div className="grid gap-2 sm:col-span-2">
        <TextArea
          label="Waits for tasks"
          value={values.dependsOn}
          onChange={set("dependsOn")}
          maxLength={10_000}
          hint={problems.dependsOn ?? "Ids of tasks of the project, at most 200."}
        />
        {values.dependsOn.trim() !== "" && (
          <SelectField
            label="It goes on when"
            options={CONDITIONS}
            value={values.dependencyCondition}
            onChange={set("dependencyCondition")}
          />
        )}
      </div>
    </div>
  );
}
