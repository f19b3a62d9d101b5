"use client";
import { useState } from "react";
import { EVENT_TYPES } from "#events/event-types.ts";
import { type FilterForm, labelIn, type ListCondition, withOneValueEach } from "#features/webhooks/filter-form.ts";
import { stateWord } from "#features/webhooks/filter-words.ts";
import type { FieldProblems } from "#api/input-issues.ts";
import { NameOf } from "#features/webhooks/name-of.tsx";
import { TokenField } from "#features/webhooks/token-field.tsx";
import { useNamed } from "#features/webhooks/use-named.ts";
import { TextField } from "#components/text-field.tsx";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";
import { TASK_STATES } from "#lifecycles/task-states.tsx";
import type { ProjectRoute } from "#routes.ts";

/** To choose from; others can be typed. */
const TYPES = (["agents", "tasks", "contexts", "definitions"] as const)
  .flatMap((what) => EVENT_TYPES[what])
  .map((type) => ({ value: type, word: type }));
const STATES = [...new Set([...Object.keys(AGENT_STATES), ...Object.keys(TASK_STATES)])].map((state) => ({
  value: state,
  word: stateWord(state),
}));
const RARE = ["contexts", "tasks", "subjects", "actors"] as const satisfies readonly ListCondition[];
const anyText = (text: string) => text || null;

interface FilterFieldsProps {
  readonly project: ProjectRoute;
  readonly value: FilterForm;
  readonly onChange: (value: FilterForm) => void;
  readonly problems: FieldProblems;
}

/** Which events: all of the conditions that are filled in have to hold, and of each any one value. */
export function FilterFields({ project, value, onChange, problems }: FilterFieldsProps) {
  const { agents, contexts, search } = useNamed(project);
  const [more, setMore] = useState(() => RARE.some((name) => value[name].length > 0));
  const shown = more || RARE.some((name) => problems[`filter.${name}`] !== undefined);
  const list = (name: ListCondition) => ({
    values: value[name],
    onChange: (values: string[]) => onChange({ ...value, [name]: values }),
    problem: problems[`filter.${name}`],
  });
  const name = (id: string) => <NameOf id={id} />;
  return (
    <fieldset className="grid min-w-0 gap-3">
      <legend className="contents">
        <span className="font-[550]">Which events</span>
      </legend>
      <p className="-mt-2 text-sm text-faint">
        All that happens in the project. Each condition that you give narrows it down.
      </p>
      <TokenField
        label="Types"
        {...list("types")}
        options={TYPES}
        accept={anyText}
        placeholder="Every type"
        nothing="Type what the type is called."
        hint="Choose some, or type another."
      />
      <TokenField
        label="States that were reached"
        {...list("states")}
        options={STATES}
        placeholder="Every state"
        nothing="No state is called so."
      />
      <TokenField
        label="Agents"
        {...list("agents")}
        options={agents}
        onQuery={(text) => search("agent", text)}
        accept={(text) => (text.startsWith("agent_") ? text : null)}
        show={name}
        placeholder="Every agent"
        nothing="No agent is called so."
      />
      <TokenField
        label="Labels of the agent"
        {...list("labels")}
        onChange={(labels) => onChange({ ...value, labels: withOneValueEach(labels) })}
        accept={labelIn}
        placeholder="team=core"
        nothing="Write it as name=value."
        hint="A name, =, and its value. The agent must have them all."
      />
      <TextField
        label="Text"
        value={value.search}
        onChange={(text) => onChange({ ...value, search: text })}
        problem={problems["filter.search"]}
        maxLength={200}
        hint="In the type, the reason, the actor’s name or the payload."
      />
      {shown ? (
        <>
          <TokenField
            label="Contexts"
            {...list("contexts")}
            options={contexts}
            onQuery={(text) => search("context", text)}
            accept={(text) => (text.startsWith("ctx_") ? text : null)}
            show={name}
            placeholder="Every context"
            nothing="No context is called so."
          />
          <TokenField
            label="Tasks"
            {...list("tasks")}
            accept={anyText}
            placeholder="task_…"
            nothing="Paste the id of a task."
          />
          <TokenField
            label="Subjects"
            {...list("subjects")}
            accept={anyText}
            placeholder="agent_…, task_…, ctx_…"
            nothing="Paste an id."
            hint="What an event is about, whatever it is."
          />
          <TokenField
            label="Actors"
            {...list("actors")}
            accept={anyText}
            placeholder="agent_…, key_…"
            nothing="Paste the id of an agent or an API key."
            hint="The agents or API keys that caused it."
          />
        </>
      ) : (
        <button
          type="button"
          onClick={() => setMore(true)}
          className="justify-self-start rounded-sm text-accent hover:underline"
        >
          More conditions: contexts, tasks, subjects, actors
        </button>
      )}
    </fieldset>
  );
}
