"use client";
import { type SyntheticEvent, useId, useState } from "react";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { SelectField } from "#components/select-field.tsx";
import { TextField } from "#components/text-field.tsx";
import { SuggestField } from "#features/tasks/suggest-field.tsx";
import { momentOf, type Narrowing, type TasksAddress } from "#features/tasks/tasks-address.ts";
import { type TaskNames, useTaskNames } from "#features/tasks/use-task-names.ts";
import type { ProjectRoute } from "#routes.ts";

interface FilterDialogProps {
  readonly project: ProjectRoute;
  readonly address: TasksAddress;
  readonly names: ReadonlyMap<string, string>;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onApply: (change: Partial<TasksAddress>) => void;
}

type Values = Readonly<Record<Exclude<Narrowing, "replayed">, string>>;
const SINCE = {
  "": "Any time",
  "1h": "The last hour",
  "24h": "The last 24 hours",
  "7d": "The last 7 days",
  "30d": "The last 30 days",
  own: "From … to …",
};
const KINDS_OF_ERROR = ["error", "timeout", "lease_expired", "agent_left", "cancelled"];

/** Every way to narrow the list, in one form. */
export function FilterDialog({ open, onClose, ...props }: FilterDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="Filter tasks"
      description="All that is given has to hold."
    >
      <FilterForm {...props} onClose={onClose} />
    </Dialog>
  );
}

function FilterForm({ project, address, names, onClose, onApply }: Omit<FilterDialogProps, "open">) {
  const known = useTaskNames(project);
  const shown = (id: string | undefined) => (id === undefined ? "" : (names.get(id) ?? id));
  const [values, setValues] = useState<Values>({
    kind: address.kind ?? "",
    queue: address.queue ?? "",
    agent: shown(address.agent),
    error: address.error ?? "",
    key: address.key ?? "",
    rate: address.rate ?? "",
    schedule: shown(address.schedule),
    workflow: address.workflow ?? "",
    from: address.from ?? "",
    to: address.to ?? "",
  });
  const range = values.to === "" && values.from in SINCE ? values.from : "own";
  const [problems, setProblems] = useState<Partial<Values>>({});
  const form = useId();
  const set = (name: keyof Values) => (value: string) => setValues({ ...values, [name]: value });
  const apply = (event: SyntheticEvent) => {
    event.preventDefault();
    const { agent, schedule, ...rest } = values;
    const agentId = idOf(agent, "agent_", known?.agents);
    const scheduleId = idOf(schedule, "sch_", known?.schedules);
    const wrong = {
      ...(agentId === null && { agent: "No agent of the project has this name. Its id can be given as well." }),
      ...(scheduleId === null && { schedule: "No schedule of the project has this name." }),
      ...(values.from !== "" && momentOf(values.from, 0) === null && { from: "Not a time." }),
      ...(values.to !== "" && momentOf(values.to, 0) === null && { to: "Not a time." }),
    };
    setProblems(wrong);
    if (Object.keys(wrong).length > 0) return;
    const given = { ...rest, agent: agentId ?? "", schedule: scheduleId ?? "" };
    onApply(Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.trim() || undefined])));
  };
  return (
    <form id={form} onSubmit={apply} className="grid gap-3.5">
      <SuggestField
        label="Kind"
        value={values.kind}
        onChange={set("kind")}
        suggestions={known?.kinds}
        hint="Several: with commas."
      />
      <SuggestField label="Queue" value={values.queue} onChange={set("queue")} suggestions={known?.queues} />
      <SuggestField
        label="Agent"
        value={values.agent}
        onChange={set("agent")}
        suggestions={known && [...known.agents.keys()]}
        problem={problems.agent}
      />
      <SuggestField
        label="Error"
        value={values.error}
        onChange={set("error")}
        suggestions={KINDS_OF_ERROR}
        hint="The kind of the last failure. Several: with commas."
      />
      <TextField label="Concurrency key" value={values.key} onChange={set("key")} />
      <TextField label="Rate limit" value={values.rate} onChange={set("rate")} hint="The key of a rate limit." />
      <SuggestField
        label="Schedule"
        value={values.schedule}
        onChange={set("schedule")}
        suggestions={known && [...known.schedules.keys()]}
        problem={problems.schedule}
      />
      <TextField label="Workflow" value={values.workflow} onChange={set("workflow")} placeholder="wfl_…" mono />
      <SelectField
        label="Created"
        options={SINCE}
        value={range as keyof typeof SINCE}
        onChange={(chosen) =>
          setValues({
            ...values,
            from: chosen === "own" ? new Date(Date.now() - 86_400_000).toISOString() : chosen,
            to: chosen === "own" ? new Date().toISOString() : "",
          })
        }
      />
      {range === "own" && (
        <div className="grid grid-cols-2 gap-3">
          <TextField label="From" value={values.from} onChange={set("from")} problem={problems.from} mono />
          <TextField label="To" value={values.to} onChange={set("to")} problem={problems.to} mono />
        </div>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary">
          Apply
        </Button>
      </div>
    </form>
  );
}

/** The id that a name stands for; "" for none, null when there is none. */
function idOf(text: string, prefix: string, known: TaskNames["agents"] | undefined): string | null {
  const name = text.trim();
  if (name === "" || name.startsWith(prefix)) return name;
  return known?.get(name) ?? null;
}
