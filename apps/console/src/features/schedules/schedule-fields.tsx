"use client";
import { useId, useMemo, useState } from "react";
import { NO_ISSUES } from "#api/input-issues.ts";
import type { Refusal } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Problem } from "#components/notice.tsx";
import { JsonEditor } from "#components/schema-form/json-editor.tsx";
import { jsonProblem } from "#components/schema-form/json-problem.ts";
import { SelectField } from "#components/select-field.tsx";
import { TextField } from "#components/text-field.tsx";
import { useSubmit } from "#components/use-submit.ts";
import { CronPreview } from "#features/schedules/cron-preview.tsx";
import { CATCH_UP, issuesAt, type ScheduleValues } from "#features/schedules/schedule-form.ts";
import { timeZones } from "#features/schedules/time-zones.ts";

interface ScheduleFieldsProps {
  readonly initial: ScheduleValues;
  readonly submit: string;
  /** Sends it. The template is what was read from its text. Answers why it was refused, or null. */
  readonly onSubmit: (values: ScheduleValues, task: unknown) => Promise<Refusal | null>;
  readonly onCancel: () => void;
}

/** When a schedule runs and what its tasks are like, with its next runs while it is written. */
export function ScheduleFields({ initial, submit, onSubmit, onCancel }: ScheduleFieldsProps) {
  const [values, setValues] = useState(initial);
  const { busy, refusal, submit: send } = useSubmit<Refusal>();
  const set = (changed: Partial<ScheduleValues>) => setValues((now) => ({ ...now, ...changed }));
  const zones = useMemo(() => timeZones(initial.timeZone), [initial.timeZone]);
  const listId = useId();
  const wrongJson = jsonProblem(values.task);
  const issues = refusal?.issues ?? NO_ISSUES;
  const { fields, rest } = issuesAt(issues);
  const attempt = async () => (wrongJson === null ? onSubmit(values, JSON.parse(values.task)) : null);
  const catchUpNames = Object.fromEntries(
    Object.entries(CATCH_UP).map(([policy, { name }]) => [policy, name]),
  ) as Record<ScheduleValues["catchUp"], string>;
  return (
    <form onSubmit={(event) => void send(attempt, event)} className="grid gap-4">
      <TextField
        label="Name"
        value={values.name}
        onChange={(name) => set({ name })}
        problem={fields.name}
        maxLength={200}
        required
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Cron expression"
          value={values.cron}
          onChange={(cron) => set({ cron })}
          hint="Minute, hour, day, month, weekday; seconds before them if you like; or @daily."
          problem={fields.cron}
          maxLength={200}
          required
          mono
        />
        <div>
          <TextField
            label="Time zone"
            value={values.timeZone}
            onChange={(timeZone) => set({ timeZone })}
            hint="Its clocks count, with their summer time."
            problem={fields.timeZone}
            required
            list={listId}
          />
          <datalist id={listId}>
            {zones.map((zone) => (
              <option key={zone} value={zone}>
                {zone}
              </option>
            ))}
          </datalist>
        </div>
      </div>
      <CronPreview cron={values.cron} timeZone={values.timeZone} />
      <SelectField
        label="When Muster was away at a time"
        options={catchUpNames}
        value={values.catchUp}
        onChange={(catchUp) => set({ catchUp })}
        hint={CATCH_UP[values.catchUp].hint}
      />
      <JsonEditor
        label="Task"
        text={values.task}
        onChange={(task) => set({ task })}
        problem={wrongJson}
        hint="kind and input; also capability or agentId, queue, priority, maxFailures, timeoutMs, labels and the other settings of a task."
        rows={[6, 18]}
      />
      {fields.task !== undefined && (
        <p role="alert" className="-mt-2 text-sm text-danger">
          {fields.task}
        </p>
      )}
      {refusal !== null && (
        <Problem title={issues.length > 0 && rest.length === 0 ? "Something above is not right yet" : refusal.message}>
          {rest.map((message) => (
            <p key={message}>{message}</p>
          ))}
        </Problem>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" look="primary" disabled={busy || wrongJson !== null}>
          {submit}
        </Button>
      </div>
    </form>
  );
}
