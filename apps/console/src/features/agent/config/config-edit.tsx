"use client";
import { type SyntheticEvent, useState } from "react";
import { issueAt, NO_ISSUES } from "#api/input-issues.ts";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { Problem } from "#components/notice.tsx";
import { SchemaForm } from "#components/schema-form/schema-form.tsx";
import { useSchemaDraft } from "#components/schema-form/use-schema-draft.ts";
import { TextField } from "#components/text-field.tsx";
import { type AgentSettings, changedParts, conflictsOf } from "#features/agent/config/agent-settings.ts";
import { Conflicting } from "#features/agent/config/conflicting.tsx";
import { ReviewDialog } from "#features/agent/config/review-dialog.tsx";
import { type Refusal, useSaveSettings } from "#features/agent/config/use-save-settings.ts";

const LABELS_SCHEMA = { type: "object", additionalProperties: { type: "string", maxLength: 255 } };
const CONFIG_AT = ["config"];
const LABELS_AT = ["labels"];

interface ConfigEditProps {
  readonly agentId: string;
  /** What the agent had when this began, and which version of its config that was. */
  readonly base: AgentSettings;
  readonly configVersion: number;
  /** What the agent has now: somebody else may have changed it meanwhile. */
  readonly now: AgentSettings;
  readonly schema: unknown;
  readonly onClose: () => void;
  /** Begins anew with other values, on top of what the agent has now. */
  readonly onRebase: (draft: AgentSettings) => void;
  /** What the form begins with, when that is not what the agent has. */
  readonly start: AgentSettings;
}

/** The form for what people may change of an agent. Nothing is saved before the difference was seen. */
export function ConfigEdit(props: ConfigEditProps) {
  const { agentId, base, configVersion, now, schema, start, onClose, onRebase } = props;
  const [name, setName] = useState(start.name);
  const [most, setMost] = useState(String(start.maxConcurrency));
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [reviewed, setReviewed] = useState<AgentSettings | null>(null);
  const issues = refusal?.kind === "refused" ? refusal.issues : NO_ISSUES;
  const labels = useSchemaDraft({ schema: LABELS_SCHEMA, initial: start.labels, issues, at: LABELS_AT });
  const config = useSchemaDraft({ schema, initial: start.config, issues, at: CONFIG_AT });
  const save = useSaveSettings(agentId);
  const mine = { name, maxConcurrency: Number(most), labels: labels.value, config: config.value };
  const changed = changedParts(base, mine);

  const review = (event: SyntheticEvent) => {
    event.preventDefault();
    setRefusal(null);
    const [sound, fits] = [labels.check() !== undefined, config.check() !== undefined];
    if (sound && fits) setReviewed(mine);
  };
  const send = async () => {
    const answer = reviewed && (await save(base, reviewed, configVersion));
    if (answer === null) return onClose();
    setRefusal(answer);
    setReviewed(null);
  };

  return (
    <form
      onSubmit={review}
      aria-label="Change the agent"
      className="grid gap-5 [&_:is(input,select,textarea,button)]:scroll-mb-20"
    >
      <Conflicting base={base} mine={mine} theirs={now} onRebase={onRebase} />
      {refusal && <Problem title={refusal.message} />}
      <Card className="grid gap-5 px-4 py-4">
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <TextField
            label="Name"
            value={name}
            onChange={setName}
            required
            maxLength={200}
            problem={issueAt(issues, "name")}
          />
          <TextField
            label="Tasks at once"
            type="number"
            value={most}
            onChange={setMost}
            required
            hint="How many it may hold at most, 1 to 1,000. Tasks that it holds already stay."
            problem={issueAt(issues, "maxConcurrency")}
          />
        </div>
        <SchemaForm label="Labels" draft={labels} />
        <SchemaForm label="Config" draft={config} />
      </Card>
      <div className="sticky bottom-0 -mx-1 flex flex-wrap items-center justify-end gap-2 bg-page px-1 py-3">
        <span className="mr-auto text-muted">
          {changed.length === 0
            ? "Nothing is changed yet."
            : `Changed: ${changed.map((part) => WORDS[part]).join(", ")}.`}
        </span>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" disabled={changed.length === 0 || conflictsOf(base, mine, now).length > 0}>
          Review changes
        </Button>
      </div>
      <ReviewDialog name={now.name} before={base} after={reviewed} onClose={() => setReviewed(null)} onSave={send} />
    </form>
  );
}

const WORDS = { name: "name", maxConcurrency: "tasks at once", labels: "labels", config: "config" } as const;
